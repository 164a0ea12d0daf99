import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { omen, rest } from './aws.ts'

/** How sure a path is. */
export type Verdict = 'proven' | 'conditional' | 'undecided' | 'blocked' | 'none'

/** The place of a statement in its policy. */
export interface Place {
  readonly policy: string
  readonly layer: string
  readonly line: number
  readonly column: number
  /** The text of the statement, of an arrow that is opened. */
  readonly statement?: string
}

/** A condition that is left. */
export interface Residual {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  readonly mustHold: boolean
  readonly at: Place
}

/** A step of a path, with the requests that it makes. */
export interface Step {
  readonly from: string
  readonly to: string
  readonly technique: string
  /** The technique in AWS's words: `PassRole to lambda`. */
  readonly label: string
  readonly verdict: Verdict
  readonly delay: string
  readonly requests: readonly {
    readonly principal: string
    /** The user or role that makes it, if that is not the one of the step. */
    readonly by?: string
    readonly action: string
    readonly resource: string
    readonly decision: readonly Place[]
  }[]
  readonly facts: readonly Fact[]
  readonly residual: readonly Residual[]
  readonly because?: string
  /** Of a step that is blocked: the request that is refused, and the Deny if there is one. */
  readonly refused?: {
    readonly by?: string
    readonly action: string
    readonly resource: string
    readonly layer: string
    readonly deny?: Place
  }
}

/** A fact that a step rests on: its code, its name in words, and what it holds. */
export interface Fact {
  readonly fact: string
  readonly name: string
  readonly value: string
  readonly known: string
}

/** A path from one principal to another one, or to an administrator. */
export interface Path {
  readonly verdict: Verdict
  readonly residual: readonly Residual[]
  readonly steps: readonly Step[]
  /** Who makes calls of its steps, and must be held as well. */
  readonly alsoHeld?: readonly string[]
  /** Of a part of a longer path: the steps before it. */
  readonly before?: readonly Step[]
  /** What would break it, in one sentence of the server. */
  readonly breaks?: string
}

/** Why an answer is not complete: the steps of the search are spent. */
export interface Incomplete {
  readonly maxSteps: number
  /** Principals that were not searched to the end. */
  readonly principals: number
}

/** The paths between two principals. */
export interface Paths {
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly paths: readonly Path[]
  readonly problems: readonly string[]
  readonly incomplete?: Incomplete
}

/** A policy that a step rests on, as it is written. */
export interface PolicyOf {
  readonly policy: string
  readonly layer: string
  readonly arn?: string
  readonly owner?: string
  readonly text: string
  readonly line: number
}

/** One arrow: each way to take it, the best first. */
export interface Edge {
  readonly verdict: Verdict
  readonly ways: readonly Path[]
  readonly documents: readonly PolicyOf[]
  readonly incomplete?: Incomplete
}

/** A principal that is reached, or that reaches. */
export interface Reached {
  readonly principal: string
  /** `outside`: what is in no account in view. */
  readonly type: 'user' | 'role' | 'outside'
  readonly name: string
  readonly verdict: Verdict
  readonly steps: number
  readonly isAdministrator: boolean
  readonly techniques: readonly string[]
  /** The techniques in AWS's words. */
  readonly labels: readonly string[]
  /** Of what is outside: what it is, and the conditions that are left. */
  readonly kind?: OutsideKind
  readonly residual?: readonly Residual[]
}

/** What is outside of the accounts in view. */
export type OutsideKind = 'anyone' | 'account' | 'principal' | 'federated' | 'service'

/** Who comes from outside, as the API says it. */
type Outside = Pick<Reached, 'principal' | 'verdict' | 'steps' | 'techniques'> &
  Required<Pick<Reached, 'kind' | 'residual'>>

function ofOutside(outside: Outside): Reached {
  return { ...outside, type: 'outside', name: outside.principal, isAdministrator: false, labels: [] }
}

/** A node of the picture: one principal, or several that are alike. */
export interface PictureNode {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly arn?: string
  readonly members?: readonly string[]
  readonly count: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isAdministrator: boolean
  readonly mask?: string
}

/** An arrow of the picture. */
export interface PictureEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly techniques: readonly string[]
  readonly label: string
  readonly pairs: readonly (readonly [string, string])[]
  /** Where a path begins that each pair is part of. */
  readonly starts: readonly string[]
  readonly points: readonly (readonly [number, number])[]
  readonly labelAt: readonly [number, number]
}

/** Who can become whom, laid out. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
  readonly hidden: number
  readonly incomplete?: Incomplete
}

/** A change of one policy, attachment or membership. */
export interface Edit {
  readonly text: string
  readonly cost: number
  readonly seen: { readonly calls: number; readonly last?: string }
  readonly before?: string
  readonly after?: string
}

/** Edits that end the paths together. */
export interface Cut {
  readonly cost: number
  readonly edits: readonly Edit[]
  readonly pathsAfter: number
  readonly takesAway: readonly {
    readonly principal: string
    readonly action: string
    readonly resource: string
  }[]
}

/** What a page asks about: nobody in `from` means everybody. */
export interface Ends {
  readonly from: string
  readonly to: string
  /** What the token of the start says: lines of NAME=VALUE. */
  readonly claims?: string
  /** Whether it says nothing else. */
  readonly claimsComplete?: boolean
}

/** The language of sentences of the server. */
export type Language = 'en' | 'ja'

/** Whether a start bears a token, of which it can be stated what it says. */
export function bearsToken(start: string): boolean {
  return start.startsWith('federated:') || /:(?:oidc|saml)-provider\//.test(start)
}

/** Claims as the API takes them; nothing if none are stated, or the start has no token. */
function claimsIn({ from, claims = '', claimsComplete = false }: Ends): Readonly<Record<string, unknown>> {
  if (!bearsToken(from)) return {}
  const stated: Record<string, string[]> = {}
  for (const line of claims.split('\n')) {
    const place = line.indexOf('=')
    const name = line.slice(0, place).trim()
    if (place > 0 && name !== '') stated[name] = [...(stated[name] ?? []), line.slice(place + 1).trim()]
  }
  return Object.keys(stated).length === 0 ? {} : { claims: stated, claimsComplete }
}

/** The goal that most questions are about. */
export const administrator = 'administrator'

function ask<T>(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<T> {
  return rest<T>('omen', 'POST', `/_omen/graph/${operation}`, input, { signal })
}

/** The paths between two principals, with what blocks them. */
export function usePaths(ends: Ends, via: string, language: Language, enabled = true) {
  const { from, to } = ends
  const said = claimsIn(ends)
  return useQuery({
    queryKey: ['graph', 'paths', from, to, via, said, language],
    queryFn: ({ signal }) =>
      ask<Paths>('paths', { from, to, language, ...said, ...(via === '' ? {} : { via }) }, signal),
    enabled: enabled && from !== '',
    retry: false,
  })
}

interface ReachAnswer {
  readonly reached: readonly Reached[]
  readonly outside?: readonly Outside[]
  readonly incomplete?: Incomplete
}

/** What a principal can become (`from`), or who can become it (`to`). */
export function useReach(who: string, direction: 'from' | 'to', enabled = true) {
  return useQuery({
    queryKey: ['graph', 'reach', who, direction],
    queryFn: async ({ signal }) => {
      const {
        reached,
        outside = [],
        incomplete,
      } = await ask<ReachAnswer>('reach', { who, direction }, signal)
      return { reached: [...reached, ...outside.map(ofOutside)], incomplete }
    },
    enabled: enabled && who !== '',
    retry: false,
  })
}

/** What an arrow leads from and to, and where the path begins that it is part of. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly start: string
  /** Further arrows that are alike. */
  readonly others?: number
}

/** One arrow in full. */
export function useEdge({ from, to, start }: Arrow, ends: Ends, language: Language) {
  const said = claimsIn({ ...ends, from: start })
  return useQuery({
    queryKey: ['graph', 'edge', from, to, start, ends.to, said, language],
    queryFn: ({ signal }) =>
      ask<Edge>('edge', { from, to, pathFrom: start, pathTo: ends.to, language, ...said }, signal),
    retry: false,
  })
}

/** The picture between two ends, at most forty nodes. */
export function usePicture(
  ends: Ends,
  unfold: readonly string[],
  blocked: boolean,
  language: Language,
  enabled = true,
) {
  const { from, to } = ends
  const said = claimsIn(ends)
  return useQuery({
    queryKey: ['graph', 'picture', from, to, unfold, blocked, language, said],
    queryFn: async ({ signal }) =>
      (
        await ask<{ graph: Picture }>(
          'export',
          {
            ...(from === '' ? {} : { from }),
            to,
            ...said,
            format: 'json',
            language,
            unfold,
            verdicts: ['proven', 'conditional', 'undecided', ...(blocked ? ['blocked'] : [])],
          },
          signal,
        )
      ).graph,
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
  })
}

/** Forms that the picture can be taken away in. */
export const exportForms = ['svg', 'dot', 'mermaid', 'graphml', 'opengraph', 'json'] as const
export type ExportForm = (typeof exportForms)[number]

/** The picture as a file. */
export async function exported(ends: Ends, format: ExportForm, language: Language): Promise<Blob> {
  const { from, to } = ends
  const input = { ...(from === '' ? {} : { from }), to, format, language, ...claimsIn(ends) }
  const { text, contentType } = await ask<{ text: string; contentType: string }>('export', input)
  return new Blob([text], { type: contentType })
}

interface Cuts {
  readonly paths: number
  readonly cuts: readonly Cut[]
  readonly isMinimal: boolean
  readonly problems: readonly string[]
  readonly incomplete?: Incomplete
}

/** What is watched of new paths to an administrator. */
export type WatchState =
  | { readonly watched: 'off' }
  | {
      /** `alone`: without paths through other accounts of the organization. */
      readonly watched: 'yes' | 'alone' | 'no'
      readonly principals: number
      readonly mostPrincipals: number
      readonly unknown: number
      readonly refuses: boolean
    }

/** Whether new paths to an administrator are watched. */
export function useWatchState() {
  return useQuery({
    queryKey: ['path-watch'],
    queryFn: ({ signal }) => omen<WatchState>('GET', '/_omen/api/path-watch', undefined, { signal }),
    staleTime: 60_000,
    retry: false,
  })
}

/** The smallest edits that end the paths. */
export function useCuts(ends: Ends, language: Language) {
  const { from, to } = ends
  const said = claimsIn(ends)
  return useQuery({
    queryKey: ['graph', 'cut', from, to, said, language],
    queryFn: ({ signal }) =>
      ask<Cuts>('cut', { ...(from === '' ? {} : { from }), to, maxCuts: 3, language, ...said }, signal),
    retry: false,
  })
}

/** `user/dev` of an ARN; other texts as they are. */
export function shortName(arn: string): string {
  return /^arn:[^:]*:iam::\d*:((?:user|role|group|policy)\/.+)$/.exec(arn)?.[1] ?? arn
}
