import type { ReactNode } from 'react'

/** One part of the picture. */
export function Panel(props: {
  readonly area: string
  readonly title: string
  readonly hint: string
  /** Changes with each thing that happens here: it is seen to happen. */
  readonly pulse?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <section className={`house-panel house-${props.area}`} aria-label={props.title}>
      {props.pulse !== undefined && <span key={props.pulse} className="house-pulse" aria-hidden="true" />}
      <h2>{props.title}</h2>
      <p className="house-hint">{props.hint}</p>
      {props.children}
    </section>
  )
}

/** An arrow with its word: the two words that people mix up are never without it. */
export function Arrow(props: {
  readonly kind: string
  readonly label: string
  readonly note?: string
  readonly pulse?: string | undefined
}) {
  return (
    <div className={`house-arrow arrow-${props.kind}`}>
      <span className="house-arrow-label">{props.label}</span>
      <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        <path d="M2 8h90" vectorEffect="non-scaling-stroke" />
        <path d="M86 2l8 6-8 6" vectorEffect="non-scaling-stroke" />
        {props.pulse !== undefined && (
          <circle key={props.pulse} className="arrow-pulse" cx="4" cy="8" r="5" />
        )}
      </svg>
      {props.note !== undefined && <small>{props.note}</small>}
    </div>
  )
}

/** The name in a role's ARN. */
export function roleNameOf(arn = ''): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The name in an ARN, without its account; of a service the first part of its principal. */
export function nameOf(arn: string): string {
  if (!arn.startsWith('arn:')) return arn.replace(/\.amazonaws\.com(?:\.cn)?$/, '')
  return arn.slice(arn.indexOf('/') + 1) || arn
}

/** Hours and minutes in the reader's own time. */
export function timeOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso))
}
