/** The colours that a plan is drawn in, as they are at this moment and place. */
export interface Palette {
  card: string
  paper: string
  ink: string
  soft: string
  line: string
  accent: string
  free: string
  freeGround: string
  reserved: string
  reservedGround: string
  occupied: string
  occupiedGround: string
  blocked: string
  /** Family of the type. */
  font: string
}

/** A custom property's own value is not resolved (`light-dark(…)`): what becomes of it is read off an element that uses it. */
export function paletteAt (element: Element): Palette {
  const probe = element.ownerDocument.createElement('span')
  probe.hidden = true
  element.append(probe)
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const palette: Palette = {
    card: colour('card'),
    paper: colour('paper'),
    ink: colour('ink'),
    soft: colour('soft'),
    line: colour('line'),
    accent: colour('accent'),
    free: colour('free'),
    freeGround: colour('free-ground'),
    reserved: colour('reserved'),
    reservedGround: colour('reserved-ground'),
    occupied: colour('occupied'),
    occupiedGround: colour('occupied-ground'),
    blocked: colour('blocked'),
    font: getComputedStyle(probe).fontFamily
  }
  probe.remove()
  return palette
}

/** Of a floor that is stale: nothing on it claims to be so now. */
export function withoutColour (palette: Palette): Palette {
  const { occupied, occupiedGround, card, soft } = palette
  return { ...palette, free: occupied, freeGround: card, reserved: occupied, reservedGround: occupiedGround, occupiedGround, accent: soft, blocked: occupied }
}
