import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type {
  GetEdgeResponse,
  GetReachResponse,
  Language,
  ListPathsResponse,
  OutsideComer,
  Picture,
  ProposeCutResponse,
  ReachedPrincipal,
} from 'omen-iam/graph-api'
import { omen, rest } from './aws.ts'

export type {
  Cut,
  Edit,
  Fact,
  GetEdgeResponse as Edge,
  Incomplete,
  Language,
  ListPathsResponse as Paths,
  Path,
  Picture,
  PictureEdge,
  PictureNode,
  Place,
  PolicyDocument as PolicyOf,
  Residual,
  Step,
  Verdict,
} from 'omen-iam/graph-api'

/** A principal that is reached, or that reaches. */
export interface Reached extends Omit<ReachedPrincipal, 'type' | 'residual'> {
  /** `outside`: what is in no account in view. */
  readonly type: ReachedPrincipal['type'] | 'outside'
  /** Of what is outside: what it is, and the conditions that are left. */
  readonly kind?: OutsideComer['kind']
  readonly residual?: ReachedPrincipal['residual']
}

function ofOutside(outside: OutsideComer): Reached {
  return { ...outside, type: 'outside', name: outside.principal, isAdministrator: false }
}

/** The two ends of a page's question: nobody in `from` means everybody. */
export interface Ends {
  readonly from: string
  readonly to: string
  /** The claims of the start's token: lines of NAME=VALUE. */
  readonly claims?: string
  /** Whether it says nothing else. */
  readonly claimsComplete?: boolean
}

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
      ask<ListPathsResponse>(
        'paths',
        { from, to, language, ...said, ...(via === '' ? {} : { via }) },
        signal,
      ),
    enabled: enabled && from !== '',
    retry: false,
  })
}

/** Reads whom a principal can become (`from`), or who can become it (`to`). */
export function useReach(who: string, direction: 'from' | 'to', enabled = true) {
  return useQuery({
    queryKey: ['graph', 'reach', who, direction],
    queryFn: async ({ signal }) => {
      const {
        reached,
        outside = [],
        incomplete,
        onlyDerived,
      } = await ask<GetReachResponse>('reach', { who, direction }, signal)
      const all: readonly Reached[] = [...reached, ...outside.map(ofOutside)]
      return { reached: all, incomplete, onlyDerived }
    },
    enabled: enabled && who !== '',
    retry: false,
  })
}

/** The ends of an arrow, and the start of the path that it is part of. */
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
      ask<GetEdgeResponse>('edge', { from, to, pathFrom: start, pathTo: ends.to, language, ...said }, signal),
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
    queryFn: async ({ signal }) => {
      const { graph, onlyDerived } = await ask<{ graph: Picture; onlyDerived?: readonly string[] }>(
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
      return { ...graph, onlyDerived }
    },
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

/** The state of the watch for new paths to an administrator. */
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
      ask<ProposeCutResponse>(
        'cut',
        { ...(from === '' ? {} : { from }), to, maxCuts: 3, language, ...said },
        signal,
      ),
    retry: false,
  })
}

/** `user/dev` of an ARN; other texts as they are. */
export function shortName(arn: string): string {
  return /^arn:[^:]*:iam::\d*:((?:user|role|group|policy)\/.+)$/.exec(arn)?.[1] ?? arn
}
