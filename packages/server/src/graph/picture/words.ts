import type { Incomplete } from '../proof/budget.ts'
import { afterChange, goal, type RelationVerdict } from './relation.ts'

/** The languages that pictures are written in. */
export const pictureLanguages = ['en', 'ja'] as const

/** A language of a picture. */
export type PictureLanguage = (typeof pictureLanguages)[number]

/** The words of a picture. Names of principals and AWS's names of actions and services are not translated. */
export interface PictureWords {
  readonly title: (nodes: number, edges: number) => string
  readonly verdict: Readonly<Record<RelationVerdict, string>>
  readonly administrator: string
  readonly isAdministrator: string
  readonly thenAdministrator: string
  readonly anyone: string
  readonly account: (number: string) => string
  /** Principals that are alike, by their kind. */
  readonly many: (kind: string, count: number) => string
  /** A search ended early. */
  readonly incomplete: (incomplete: Incomplete) => string
  /** A way that needs the calls of another principal. */
  readonly together: (way: string, name: string) => string
  /** A role that is passed to a service. */
  readonly passed: (service: string) => string
}

const plurals: Readonly<Record<string, string>> = {
  user: 'users',
  role: 'roles',
  federated: 'identity providers',
  service: 'services',
  account: 'accounts',
}

const japaneseKinds: Readonly<Record<string, string>> = {
  user: 'ユーザー',
  role: 'ロール',
  federated: 'ID プロバイダー',
  service: 'サービス',
  account: 'アカウント',
}

/** The words of each language. */
export const pictureWords: Readonly<Record<PictureLanguage, PictureWords>> = {
  en: {
    title: (nodes, edges) => `Who can become whom: ${counted(nodes, 'node')}, ${counted(edges, 'relation')}`,
    verdict: {
      proven: 'proven',
      conditional: 'conditional',
      undecided: 'undecided',
      blocked: 'blocked',
    },
    administrator: goal,
    isAdministrator: 'is administrator',
    thenAdministrator: 'then is administrator',
    anyone: 'anyone',
    account: (number) => `account ${number}`,
    many: (kind, count) => `${count} ${plurals[kind] ?? 'principals'}`,
    incomplete: ({ maxSteps, maxEntries, principals }) =>
      `Not complete: the search ended after ${maxEntries === undefined ? `${maxSteps} steps` : `it kept ${maxEntries} changes`}, and ${principals === 1 ? 'one principal' : `${principals} principals`} could not be searched to the end`,
    together: (way, name) => `${way}, with ${name}`,
    passed: (service) => `PassRole to ${service}`,
  },
  ja: {
    title: (nodes, edges) => `だれがだれになれるか: ノード ${nodes} 個、関係 ${edges} 本`,
    verdict: {
      proven: '可能',
      conditional: '条件付き',
      undecided: '判定できない',
      blocked: '止められている',
    },
    administrator: '管理者',
    isAdministrator: '管理者である',
    thenAdministrator: '変更後に管理者',
    anyone: 'だれでも',
    account: (number) => `アカウント ${number}`,
    many: (kind, count) => `${japaneseKinds[kind] ?? 'プリンシパル'} ${count} 件`,
    incomplete: ({ maxSteps, maxEntries, principals }) =>
      `未完了: 検索は ${maxEntries === undefined ? `${maxSteps} ステップ` : `変更 ${maxEntries} 件`}で終了し、プリンシパル ${principals} 件を最後まで検索できませんでした`,
    together: (way, name) => `${name} と ${way}`,
    passed: (service) => `${service} に PassRole`,
  },
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The sentence of a picture: the counts of nodes and relations, and whether a search ended early. */
export function noteOf(
  {
    nodes,
    edges,
    incomplete,
  }: {
    readonly nodes: readonly unknown[]
    readonly edges: readonly unknown[]
    readonly incomplete?: Incomplete
  },
  words: PictureWords,
): string {
  const title = words.title(nodes.length, edges.length)
  return incomplete === undefined ? title : `${title}. ${words.incomplete(incomplete)}`
}

/** The label of a way in a language: the steps in AWS's words, joined by ` + `. */
export function wayInWords(way: string, words: PictureWords): string {
  if (way === goal) return words.isAdministrator
  if (way === afterChange) return words.thenAdministrator
  return way
    .split(' + ')
    .map((label) => {
      const service = /^PassRole to (.+)$/.exec(label)?.[1]
      return service === undefined ? label : words.passed(service)
    })
    .join(' + ')
}

/** How many characters of the Latin script a text is as wide as: others are wider. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += /[\u1100-\uffff]/.test(character) ? 1.7 : 1
  return width
}
