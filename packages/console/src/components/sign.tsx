import type { ReactNode } from 'react'

/** The names of the signs. */
export type SignName = keyof typeof drawings

/** A sign, drawn: fonts lack some of them, and draw the others in different sizes. A word beside it says the same. */
export function Sign({ name, size = 16, x, y }: SignProps) {
  return (
    <svg
      className={`sign sign-${name}`}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      {...(x === undefined ? {} : { x })}
      {...(y === undefined ? {} : { y })}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {drawings[name]}
    </svg>
  )
}

interface SignProps {
  readonly name: SignName
  /** Width and height in pixels. */
  readonly size?: number
  /** Where it is in a drawing. */
  readonly x?: number
  readonly y?: number
}

const ring = <circle cx="8" cy="8" r="5.5" />

const drawings = {
  yes: <path d="M3 8.5l3.5 3.5L13 4.5" />,
  no: <path d="M4 4l8 8M12 4l-8 8" />,
  unknown: <path d="M5 5.5Q5 3 8 3t3 2.6Q11 7.3 8 8.6V10M8 13v.1" />,
  silent: <path d="M4 8h8" />,
  off: ring,
  absent: <path d="M8 8v.1" strokeWidth="3.4" />,
  left: <path d="M13 8H3M6.5 4.5L3 8l3.5 3.5" />,
  right: <path d="M3 8h10M9.5 4.5L13 8l-3.5 3.5" />,
  firstHalf: (
    <>
      {ring}
      <path d="M8 2.5a5.5 5.5 0 0 0 0 11z" fill="currentColor" stroke="none" />
    </>
  ),
  secondHalf: (
    <>
      {ring}
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </>
  ),
  ascending: <path d="M3.5 11L8 5l4.5 6z" fill="currentColor" />,
  descending: <path d="M3.5 5L8 11l4.5-6z" fill="currentColor" />,
  unsorted: <path d="M4.5 6.5L8 3l3.5 3.5M4.5 9.5L8 13l3.5-3.5" strokeWidth="1.6" />,
  person: <path d="M8 2.5a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 1 1 0-5.4M2.8 14q0-4 5.2-4t5.2 4" />,
  outside: <circle cx="8" cy="8" r="5.5" strokeDasharray="2.4 2.8" />,
  unit: <path d="M2.5 4.5h4l1.5 2h5.5v7h-11z" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M10.4 10.4L14 14" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1v1.2M8 13.8V15M1 8h1.2M13.8 8H15M3 3l.9.9M12.1 12.1l.9.9M13 3l-.9.9M3.9 12.1l-.9.9" />
    </>
  ),
  moon: <path d="M13 9.8A5.6 5.6 0 1 1 6.4 3a4.6 4.6 0 0 0 6.6 6.8z" />,
  enforced: <circle cx="8" cy="8" r="4.5" fill="currentColor" stroke="none" />,
  audited: <path d="M8 3.5L13.5 13h-11z" fill="currentColor" />,
} satisfies Readonly<Record<string, ReactNode>>

/** Whether something is allowed. */
export function YesOrNo({ yes }: { readonly yes: boolean }) {
  return <Sign name={yes ? 'yes' : 'no'} />
}

/** The mark of the console: a mask. */
export function Brand() {
  return (
    <svg viewBox="0 0 64 64" width="26" height="26" aria-hidden="true">
      <g stroke="#1C1C1C" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round">
        <path d="M12 4l12 12h16L52 4q4 16 2 28Q50 52 32 60 14 52 10 32 8 20 12 4z" fill="#FFF8EA" />
        <path d="M17 30q6-5 11 2-7 2-11-2zM47 30q-6-5-11 2 7 2 11-2z" fill="#1C1C1C" />
        <path d="M28 47q4 3 8 0M32 42v3" fill="none" />
        <path d="M32 18v8" stroke="#B3261E" strokeWidth="4" />
        <path d="M14 40l8 2M50 40l-8 2" stroke="#B3261E" strokeWidth="3" />
      </g>
    </svg>
  )
}
