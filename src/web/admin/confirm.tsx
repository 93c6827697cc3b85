import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { shellWords } from './words/shell.ts'

export interface ConfirmProps {
  title: string
  /** What the button says that does it. */
  action: string
  children?: ComponentChildren
  onConfirm: () => void
  onCancel: () => void
}

/** Asks once more before something is taken away. */
export function Confirm ({ title, action, children, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class='admin-dialog' aria-labelledby='confirm-title' onClose={onCancel}>
      <h2 id='confirm-title'>{title}</h2>
      {children}
      <div class='admin-row'>
        <Button look='danger' onClick={onConfirm}>{action}</Button>
        <Button onClick={onCancel}>{shellWords().cancel}</Button>
      </div>
    </dialog>
  )
}
