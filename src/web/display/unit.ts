import { useEffect, useState } from 'preact/hooks'

/** All sizes of a display are parts of the shorter side of the screen, hung either way: the panel is the same, and so is the distance that it is read from. */
export function useUnit (): { unit: number, portrait: boolean } {
  const [size, setSize] = useState(sizeNow)
  useEffect(() => {
    const look = (): void => setSize(sizeNow())
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [])
  return { unit: Math.min(size.width, size.height) / 100, portrait: size.height > size.width }
}

function sizeNow (): { width: number, height: number } {
  return { width: innerWidth, height: innerHeight }
}
