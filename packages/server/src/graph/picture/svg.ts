import type { Picture, PictureEdge, PictureNode } from './picture.ts'

const style = `
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1b1f24 }
.label { font-size: 10px; fill: #57606a; stroke: #ffffff; stroke-width: 4px; paint-order: stroke }
.node rect { fill: #f6f8fa; stroke: #57606a }
.node.many rect { stroke-width: 2.5 }
.node.goal rect, .node.is-administrator rect { fill: #fff1e5; stroke: #bc4c00 }
.edge { fill: none; stroke: #57606a; stroke-width: 1.3 }
.edge.conditional { stroke-dasharray: 6 4 }
.edge.undecided { stroke-dasharray: 1 4 }
.edge.blocked { stroke: #b0b8c1; stroke-dasharray: 2 6 }`

/** A picture as SVG: a document of its own, without scripts and without references. */
export function svgOf({ width, height, nodes, edges }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(titleOf(nodes, edges))}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
    ...edges.map(edgeOf),
    ...nodes.map(nodeOf),
    ...edges.map(labelOf),
    '</svg>',
    '',
  ].join('\n')
}

function titleOf(nodes: readonly PictureNode[], edges: readonly PictureEdge[]): string {
  return `Who can become whom: ${nodes.length} nodes, ${edges.length} relations`
}

function edgeOf({ points, verdict, from, to, techniques }: PictureEdge): string {
  const line = points.map(([x, y], place) => `${place === 0 ? 'M' : 'L'}${x} ${y}`).join('')
  const title = `${from} → ${to}: ${verdict}, ${techniques.join('; ')}`
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
  const title = members?.slice(0, 20).join('\n') ?? arn ?? label
  return [
    `<g class="${names}"><title>${escaped(title)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}"/>`,
    `<text x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle">${escaped(label)}</text></g>`,
  ].join('')
}

function labelOf({ label, labelAt: [x, y] }: PictureEdge): string {
  return `<text class="label" x="${x}" y="${y + 3}" text-anchor="middle">${escaped(label)}</text>`
}

/** Text for XML: what XML cannot hold at all is left out. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
