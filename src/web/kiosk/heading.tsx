import type { ComponentChildren } from 'preact'

/** Of a step: gets the focus when the step begins. */
export function Heading ({ children }: { children: ComponentChildren }) {
  return <h1 tabIndex={-1}>{children}</h1>
}
