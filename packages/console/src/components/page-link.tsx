import CloudscapeLink from '@cloudscape-design/components/link'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'

/** A link to a page of the console, in Cloudscape's form, that does not load the console anew. */
export function PageLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  const [, navigate] = useLocation()
  return (
    <CloudscapeLink
      href={`/_omen${to}`}
      onFollow={(event) => {
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </CloudscapeLink>
  )
}
