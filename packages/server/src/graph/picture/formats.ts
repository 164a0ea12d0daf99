import type { Picture, PictureEdge, PictureNode } from './picture.ts'
import { plainText } from './plain.ts'
import { escaped } from './svg.ts'

const dashes: Readonly<Record<string, string>> = { proven: 'solid', conditional: 'dashed' }

/** A picture in Graphviz's language. */
export function dotOf({ nodes, edges }: Picture, note?: string): string {
  return [
    'digraph paths {',
    '  rankdir=LR',
    ...(note === undefined ? [] : [`  label=${quoted(note)}`]),
    '  node [fontname="monospace", shape=box]',
    ...nodes.map(({ id, label, kind, isAdministrator }) => {
      const shape = kind === 'role' ? ', style=rounded' : ''
      return `  ${quoted(id)} [label=${quoted(label)}${shape}${isAdministrator ? ', color="#bc4c00"' : ''}]`
    }),
    ...edges.map(
      ({ from, to, label, verdict }) =>
        `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}, style=${dashes[verdict] ?? 'dotted'}]`,
    ),
    '}',
    '',
  ].join('\n')
}

function quoted(text: string): string {
  return `"${plainText(text)
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/[\r\n]+/g, ' ')}"`
}

/** A picture as a Mermaid flow chart. */
export function mermaidOf({ nodes, edges }: Picture, note?: string): string {
  const names = new Map(nodes.map(({ id }, place) => [id, `n${place}`]))
  const shape = ({ kind, label }: PictureNode): string =>
    kind === 'role'
      ? `(${inMermaid(label)})`
      : kind === 'administrator'
        ? `{{${inMermaid(label)}}}`
        : `[${inMermaid(label)}]`
  const arrow = ({ verdict }: PictureEdge): string => (verdict === 'proven' ? '-->' : '-.->')
  return [
    ...(note === undefined ? [] : ['---', `title: ${JSON.stringify(note)}`, '---']),
    'flowchart LR',
    ...nodes.map((node) => `  ${names.get(node.id)}${shape(node)}`),
    ...edges.map(
      (edge) => `  ${names.get(edge.from)} ${arrow(edge)}|${inMermaid(edge.label)}| ${names.get(edge.to)}`,
    ),
    '',
  ].join('\n')
}

/** A text in quotes; `#…;` is Mermaid's form of characters that have a meaning. */
function inMermaid(text: string): string {
  return `"${plainText(text).replace(/["#;<>&`\r\n]/g, (each) => `#${each.charCodeAt(0)};`)}"`
}

const keys = [
  ['label', 'node', 'string'],
  ['kind', 'node', 'string'],
  ['arn', 'node', 'string'],
  ['members', 'node', 'string'],
  ['count', 'node', 'int'],
  ['administrator', 'node', 'boolean'],
  ['x', 'node', 'double'],
  ['y', 'node', 'double'],
  ['verdict', 'edge', 'string'],
  ['techniques', 'edge', 'string'],
  ['relations', 'edge', 'int'],
] as const

/** A picture as GraphML. */
export function graphmlOf({ nodes, edges }: Picture, note?: string): string {
  const data = (key: string, value: string | number | boolean | undefined): string =>
    value === undefined ? '' : `<data key="${key}">${escaped(String(value))}</data>`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys.map(
      ([name, of, type]) => `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`,
    ),
    '  <graph id="paths" edgedefault="directed">',
    ...(note === undefined ? [] : [`    <desc>${escaped(note)}</desc>`]),
    ...nodes.map((node) =>
      [
        `    <node id="${escaped(node.id)}">`,
        data('label', node.label),
        data('kind', node.kind),
        data('arn', node.arn),
        data('members', node.members?.join(' ')),
        data('count', node.count),
        data('administrator', node.isAdministrator),
        data('x', node.x),
        data('y', node.y),
        '</node>',
      ].join(''),
    ),
    ...edges.map((edge, place) =>
      [
        `    <edge id="e${place}" source="${escaped(edge.from)}" target="${escaped(edge.to)}">`,
        data('verdict', edge.verdict),
        data('techniques', edge.techniques.join('; ')),
        data('relations', edge.count),
        '</edge>',
      ].join(''),
    ),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n')
}
