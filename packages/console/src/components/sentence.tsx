import { Fragment, type ReactNode } from 'react'

interface SentenceProps {
  /** Words with names in braces, in the order of their language: `{action} on {resource}`. */
  readonly text: string
  /** The value of each name. AWS's own words are marked as English. */
  readonly parts: Readonly<Record<string, ReactNode>>
}

/** A sentence around what is not translated. */
export function Sentence({ text, parts }: SentenceProps) {
  return text.split(/\{(\w+)\}/).map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
    <Fragment key={index}>{index % 2 === 0 ? piece : parts[piece]}</Fragment>
  ))
}

/** A name or value of AWS. */
export function Foreign({ children }: { readonly children: ReactNode }) {
  return (
    <span lang="en" dir="auto">
      {children}
    </span>
  )
}
