import type { ManagedPolicyIndex } from '../../packages/server/src/authorization/catalogue/index.ts'
import { packOf } from './pack.ts'
import { source } from './sources.ts'

interface Published {
  readonly arn: string
  readonly latestVersionId: string
  readonly createdDate: string
  readonly lastUpdatedDate: string
  readonly versions: Readonly<Record<string, { readonly document: object }>>
}

/** Small enough to unpack in a moment, large enough to compress well. */
const perSection = 16

/** AWS's managed policies, each in its newest version. */
export function managedPolicyPack(): { readonly bytes: Buffer; readonly count: number } {
  const { read } = source('policies')
  const published = read('dist/managedPolicies.json') as Readonly<Record<string, Published>> // its documented form
  const paths: string[] = []
  const rows: ManagedPolicyIndex['rows'][number][] = []
  const documents: string[] = []
  for (const [name, policy] of Object.entries(published).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = policy.arn.slice('arn:aws:iam::aws:policy'.length, policy.arn.length - name.length)
    if (!paths.includes(path)) paths.push(path)
    const document = JSON.stringify(policy.versions[policy.latestVersionId]!.document)
    const version = Number(policy.latestVersionId.slice(1))
    const [created, updated] = [seconds(policy.createdDate), seconds(policy.lastUpdatedDate)]
    rows.push([name, paths.indexOf(path), version, created, updated, document.length])
    documents.push(document)
  }
  const sections: string[] = []
  for (let at = 0; at < documents.length; at += perSection) {
    sections.push(documents.slice(at, at + perSection).join(''))
  }
  const index: ManagedPolicyIndex = { paths, perSection, rows }
  return { bytes: packOf(index, sections), count: rows.length }
}

function seconds(date: string): number {
  return Date.parse(date) / 1000
}
