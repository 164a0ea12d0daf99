import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type JsonNode, parseJson } from '@omen-iam/policy'
import { at, member, sourceLimits, textAt, textOf } from '../../sources/index.ts'
import { escapeXml, parseXml } from '../../wire/index.ts'

/**
 * The member of a template's Metadata in which the guard keeps the template as its caller wrote it: what is forwarded is
 * the template with its functions evaluated (behaviour GRD-401).
 */
export const originalPlace = 'Omen::Template'

/** Bytes of the longest template (behaviour TPL-11). */
export const longestTemplate = 1_000_000

/** A decided template that carries its original. */
export function withOriginal(root: JsonNode, original: string): JsonNode {
  if (root.type !== 'object') return root
  const key = textAt(originalPlace, root)
  const kept = textAt(deflateRawSync(original).toString('base64'), root)
  const metadata = member(root, 'Metadata')
  const others =
    metadata?.type === 'object' ? metadata.members.filter((each) => each.key.value !== originalPlace) : []
  const value = { ...root, members: [...others, { key, value: kept }] }
  return {
    ...root,
    members: [
      ...root.members.filter((each) => each.key.value !== 'Metadata'),
      { key: textAt('Metadata', root), value },
    ],
  }
}

/** The template that a forwarded one carries; the text itself if it carries none. */
export function originalOf(text: string): string {
  if (!text.includes(originalPlace)) return text
  const root = parseJson(text, sourceLimits.depth)
  const kept = root.type === 'object' ? textOf(at(root, 'Metadata', originalPlace)) : undefined
  if (kept === undefined) return text
  try {
    const bytes = inflateRawSync(Buffer.from(kept, 'base64'), { maxOutputLength: longestTemplate })
    return bytes.toString('utf8')
  } catch {
    return text // a caller wrote this member, and no guard
  }
}

/** The answer of GetTemplate with the template as its caller wrote it; undefined if it is that already. */
export function withOriginalShown(answer: string): string | undefined {
  if (!answer.includes(originalPlace)) return undefined
  const root = parseXml(answer)
  const result = root?.children.find(({ name }) => name === 'GetTemplateResult')
  const body = result?.children.find(({ name }) => name === 'TemplateBody')?.text
  const original = body === undefined ? undefined : originalOf(body)
  if (original === undefined || original === body) return undefined
  const [start, end] = [answer.indexOf('<TemplateBody>'), answer.indexOf('</TemplateBody>')]
  if (start < 0 || end < start) return undefined
  return `${answer.slice(0, start)}<TemplateBody>${escapeXml(original)}${answer.slice(end)}`
}
