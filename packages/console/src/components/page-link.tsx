import type { MouseEvent, ReactNode } from 'react'
import { navigate } from 'wouter/use-browser-location'

/**
 * A link to a page of the console that does not reload the console. It is a plain anchor: lists draw hundreds while
 * they scroll.
 */
export function PageLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <a className="page-link" href={`/_omen${to}`} onClick={go}>
      {children}
    </a>
  )
}

/** Goes there, unless the browser is asked for another tab, window or file. */
function go(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const { pathname, search, hash } = event.currentTarget
  navigate(pathname + search + hash)
}
