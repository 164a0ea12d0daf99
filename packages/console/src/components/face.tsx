import { genesOf, maskBody } from 'omen-iam/masks'
import { useMasks } from '../client/masks.ts'
import type { MaskOf } from './mask.tsx'

/** A person: the bare face, or the mask in front of it. */
export function Face({ role, size }: { readonly role?: MaskOf | undefined; readonly size: number }) {
  const masks = useMasks()
  const mask = role && masks.get(role.id)
  const body =
    role === undefined
      ? bareFace
      : maskBody(mask?.family ?? 'kitsune', genesOf(role.id, mask?.turn ?? 0), 'worn')
  return <Drawing body={body} size={size} />
}

/** A drawing of ours: a face or a mask. Its body must hold no text of anybody. */
export function Drawing({ body, size }: { readonly body: string; readonly size: number }) {
  return (
    <svg
      viewBox="0 0 64 64"
      width={size}
      height={size}
      aria-hidden="true"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the drawing holds numbers and colours of ours, no text
      dangerouslySetInnerHTML={{ __html: body }}
    />
  )
}

const line = 'stroke="#1C1C1C" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"'
const bareFace = [
  `<path d="M6 64q0-15 15-18h22q15 3 15 18z" fill="#5B7DB1" ${line}/>`,
  `<path d="M26 40h12v8q-6 5-12 0z" fill="#E9C7A2" ${line}/>`,
  `<path d="M16 27Q16 7 32 7t16 20q0 18-16 18T16 27z" fill="#F3D6B3" ${line}/>`,
  `<path d="M15 27Q13 4 32 4t17 23q-2-9-7-13-10 5-20 2-5 3-7 11z" fill="#3A2A20" ${line}/>`,
  `<path d="M23 28h5M36 28h5" fill="none" ${line}/>`,
  `<path d="M27 37q5 4 10 0" fill="none" ${line}/>`,
].join('')

/** The parts of the drawing of the house: machines, the window of STS. */
export function Machine({ kind, size }: { readonly kind: 'instance' | 'function'; readonly size: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <rect x="6" y="10" width="52" height="40" rx="6" fill="#DCE6F2" stroke="#1C1C1C" strokeWidth="2" />
      {kind === 'instance' ? (
        <path
          d="M14 20h36M14 30h36M14 40h24"
          stroke="#1C1C1C"
          strokeWidth="2"
          strokeLinecap="round"
          fill="none"
        />
      ) : (
        <path
          d="M22 42l12-26M24 18q8-2 10 8l6 16h4"
          stroke="#B85C00"
          strokeWidth="4"
          strokeLinecap="round"
          strokeLinejoin="round"
          fill="none"
        />
      )}
      <path d="M24 58h16M32 50v8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}

/** A mask that is not painted yet, on its rack. */
export function BlankMask({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <g stroke="#1C1C1C" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round">
        <path d="M32 44v14M20 60h24" fill="none" stroke="#8A5A2B" strokeWidth="4" />
        <path d="M14 22Q14 4 32 4t18 18q0 26-18 28-18-2-18-28z" fill="#FFF8EA" strokeDasharray="4 4" />
        <path d="M22 26h7M35 26h7M27 38h10" fill="none" />
      </g>
    </svg>
  )
}

/** Another account: a house of its own. */
export function House({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <g stroke="#1C1C1C" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round">
        <path d="M10 30h44v28H10z" fill="#FFF8EA" />
        <path d="M2 30q12-4 18-20h24q6 16 18 20z" fill="#5B6B7A" />
        <path d="M26 58V40h12v18" fill="#C98B4B" />
        <path d="M32 40v18M14 38h6v8h-6zM44 38h6v8h-6z" fill="none" />
      </g>
    </svg>
  )
}

/** STS: a pair of scales at a window. */
export function Scales({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <rect x="4" y="4" width="56" height="56" rx="28" fill="#FFF8EA" stroke="#1C1C1C" strokeWidth="2" />
      <g stroke="#1C1C1C" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" fill="none">
        <path d="M32 14v34M22 50h20M14 22h36" />
        <path d="M14 22l-6 14h12zM50 22l-6 14h12z" fill="#E2B93B" />
      </g>
    </svg>
  )
}
