/** Freezes a value with all that hangs on it: whoever changes its input then throws. What is frozen already is taken to be so all the way down. */
export function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
