import encodeQR from 'qr'

/** A QR code as one SVG path of unit squares, with the quiet border that readers want. `size`: side of its viewBox. */
export function qrPath (text: string): { size: number, path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 })
  return { size: rows.length, path: rows.flatMap((row, y) => row.flatMap((dark, x) => dark ? [`M${x} ${y}h1v1h-1z`] : [])).join('') }
}
