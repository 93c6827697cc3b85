import type { ButtonHTMLAttributes, ComponentChildren } from 'preact'
import './button.css'

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'class' | 'type'> {
  /** `main`: what the page is there for, once on it. `danger`: takes something away. Default `plain`. */
  look?: 'main' | 'plain' | 'quiet' | 'danger'
  type?: 'button' | 'submit'
  children: ComponentChildren
}

export function Button ({ look = 'plain', type = 'button', children, ...rest }: ButtonProps) {
  return <button {...rest} type={type} class={`button button-${look}`}>{children}</button>
}
