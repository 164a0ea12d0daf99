import { type Drawing, glyphWidth, type PictureEdge, type PictureNode } from './picture.ts'
import { plainText } from './plain.ts'
import {
  noteOf,
  type PictureLanguage,
  type PictureWords,
  pictureWords,
  wayInWords,
  widthOf,
} from './words.ts'

const style = `
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1b1f24 }
.label { font-size: 10px; fill: #57606a }
.under { fill: #ffffff }
.node rect { fill: #f6f8fa; stroke: #57606a }
.node.many rect { stroke-width: 2.5 }
.node.goal rect, .node.is-administrator rect { fill: #fff1e5; stroke: #bc4c00 }
.sign .filled { fill: #57606a }
.sign .hole { fill: #f6f8fa }
.sign .line { fill: none; stroke: #57606a; stroke-width: 1.5 }
.sign .mark { font-size: 8px; font-weight: 700; fill: #57606a }
.edge { fill: none; stroke: #57606a; stroke-width: 1.3 }
.edge.conditional { stroke-dasharray: 6 4 }
.edge.undecided { stroke-dasharray: 1 4 }
.edge.blocked { stroke: #b0b8c1; stroke-dasharray: 2 6 }`

/** Signs of kinds, 16 by 16: a mask for a role, a head for a user, a key for what others vouch for. */
const glyphs: Readonly<Record<string, string>> = {
  role: '<path class="filled" d="M1.5 3.5C5 2 11 2 14.5 3.5C15 10 12 14 8 15.5C4 14 1 10 1.5 3.5z"/><path class="hole" d="M3.6 6.6q1.8-1.2 3.4.4q-1.8 1.3-3.4-.4zM12.4 6.6q-1.8-1.2-3.4.4q1.8 1.3 3.4-.4zM5.6 11q2.4 1.4 4.8 0q-2.4 2.6-4.8 0z"/>',
  user: '<circle class="filled" cx="8" cy="5" r="3.4"/><path class="filled" d="M1.5 15.5C2 10.5 5 9.5 8 9.5C11 9.5 14 10.5 14.5 15.5z"/>',
  service: '<text class="mark" x="8" y="11" text-anchor="middle">aws</text>',
  federated: '<circle class="line" cx="5" cy="8" r="3.2"/><path class="line" d="M8.2 8H14.5M12 8V11"/>',
  account: '<path class="line" d="M2 14V5L8 2L14 5V14z"/>',
}

/** A picture as SVG: a document of its own, without scripts and without references. */
export function svgOf(picture: Drawing, language: PictureLanguage = 'en'): string {
  const { nodes, edges } = picture
  const words = pictureWords[language]
  const note = noteOf(picture, words)
  const width = Math.max(picture.width, Math.ceil(widthOf(note) * labelCharacter) + 20)
  const height = picture.height + noteHeight
  const labels = new Map(nodes.map(({ id, label }) => [id, label]))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" lang="${language}">`,
    `<title>${escaped(words.title(nodes.length, edges.length))}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
    ...edges.map((edge) => edgeOf(edge, labels, words)),
    ...nodes.map(nodeOf),
    ...edges.map(labelOf),
    `<text class="label" x="10" y="${height - 8}">${escaped(note)}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

function edgeOf(
  { points, verdict, from, to, labels: all }: Drawing['edges'][number],
  labels: ReadonlyMap<string, string>,
  words: PictureWords,
): string {
  const line = points.map(([x, y], place) => `${place === 0 ? 'M' : 'L'}${x} ${y}`).join('')
  const ways = all.map((way) => wayInWords(way, words)).join('; ')
  const title = `${labels.get(from)} → ${labels.get(to)}: ${words.verdict[verdict]}, ${ways}`
  return `<path class="edge ${verdict}" d="${line}" marker-end="url(#head)"><title>${escaped(title)}</title></path>`
}

function nodeOf(node: PictureNode): string {
  const { x, y, width, height, kind, count, label, isAdministrator, members, arn } = node
  const names = [
    'node',
    kind === 'administrator' ? 'goal' : kind,
    ...(count > 1 ? ['many'] : []),
    ...(isAdministrator ? ['is-administrator'] : []),
  ].join(' ')
  const corner = kind === 'role' ? height / 2 : 4
  const glyph = glyphs[kind]
  const middle = x + (width + (glyph === undefined ? 0 : glyphWidth)) / 2
  const title = members?.slice(0, 20).join('\n') ?? arn ?? label
  return [
    `<g class="${names}"><title>${escaped(title)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}"/>`,
    ...(glyph === undefined
      ? []
      : [`<g class="sign" transform="translate(${x + 9} ${y + height / 2 - 8})">${glyph}</g>`]),
    `<text x="${middle}" y="${y + height / 2 + 4}" text-anchor="middle">${escaped(label)}</text></g>`,
  ].join('')
}

function labelOf({ label, labelAt: [x, y] }: PictureEdge): string {
  const width = widthOf(label) * labelCharacter
  return [
    `<rect class="under" x="${Math.round(x - width / 2) - 2}" y="${y - 7}" width="${Math.round(width) + 4}" height="14"/>`,
    `<text class="label" x="${x}" y="${y + 3}" text-anchor="middle">${escaped(label)}</text>`,
  ].join('')
}

/** The height of a line below the drawing. */
const noteHeight = 24

/** The width of a character of a label of 10 pixels. */
const labelCharacter = 6.1

/** Text for XML. */
export function escaped(text: string): string {
  return plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
