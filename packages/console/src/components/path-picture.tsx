import { type KeyboardEvent, useRef, useState } from 'react'
import type { Picture, PictureEdge, PictureNode, Verdict } from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { Mask } from './mask.tsx'
import { Sign, type SignName } from './sign.tsx'

interface PictureProps {
  readonly picture: Picture
  readonly label: string
  readonly chosen: string | undefined
  readonly onNode: (node: PictureNode) => void
  readonly onEdge: (edge: PictureEdge) => void
  /** Called for the key t: the table has the same. */
  readonly onTable: () => void
}

const margin = 16
/** A picture is drawn smaller before it scrolls, down to this part of its size. */
const least = 0.7

/**
 * The graph of who can become whom. One thing at a time can be reached by Tab; the arrow keys go along the arrows. The verdict of an
 * arrow is in its dashes and its name, not in its colour.
 */
export function PathPicture({ picture, label, chosen, onNode, onEdge, onTable }: PictureProps) {
  const t = useText(pathsText)
  const language = useLanguage()
  const root = useRef<SVGSVGElement>(null)
  const { nodes, edges, width, height } = picture
  const whole = width + 2 * margin
  const [current, setCurrent] = useState<string>()
  const nodeOf = (id: string) => nodes.find((node) => node.id === id)
  const out = (id: string) => edges.filter(({ from }) => from === id)
  const into = (id: string) => edges.filter(({ to }) => to === id)
  const first = nodes.find(({ id }) => into(id).length === 0) ?? nodes[0]
  const held = nodes.some(({ id }) => id === current) || edges.some(({ id }) => id === current)
  const tabbable = held ? current : first?.id
  const focus = (id: string | undefined) => {
    if (id === undefined) return
    setCurrent(id)
    root.current?.querySelector<SVGElement>(`[data-thing="${CSS.escape(id)}"]`)?.focus()
  }
  const beside = (id: string, step: number): string | undefined => {
    const edge = edges.find((each) => each.id === id)
    const among: readonly { readonly id: string }[] =
      edge === undefined
        ? [...nodes].sort((one, other) => one.x - other.x || one.y - other.y)
        : out(edge.from)
    return among[among.findIndex((each) => each.id === id) + step]?.id
  }
  const onKey = (event: KeyboardEvent, id: string, open: () => void) => {
    const edge = edges.find((each) => each.id === id)
    if (event.ctrlKey || event.metaKey || event.altKey) return
    switch (event.key) {
      case 'ArrowRight':
        focus(edge === undefined ? out(id)[0]?.id : edge.to)
        break
      case 'ArrowLeft':
        focus(edge === undefined ? into(id)[0]?.id : edge.from)
        break
      case 'ArrowDown':
        focus(beside(id, 1))
        break
      case 'ArrowUp':
        focus(beside(id, -1))
        break
      case 'Enter':
      case ' ':
        open()
        break
      case 't':
        onTable()
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const thing = (id: string, open: () => void) => ({
    'data-thing': id,
    role: 'button',
    tabIndex: id === tabbable ? 0 : -1,
    onClick: () => {
      setCurrent(id)
      open()
    },
    onFocus: () => setCurrent(id),
    onKeyDown: (event: KeyboardEvent) => onKey(event, id, open),
  })
  return (
    <figure className="path-picture">
      <figcaption>{t.keys}</figcaption>
      <div className="path-scroll">
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing cannot be a fieldset */}
        <svg
          ref={root}
          viewBox={`${-margin} ${-margin} ${whole} ${height + 2 * margin}`}
          style={{
            inlineSize: `clamp(${least * whole}px, 100%, ${whole}px)`,
            aspectRatio: `${whole} / ${height + 2 * margin}`,
          }}
          role="group"
          aria-label={label}
        >
          <defs>
            <marker
              id="path-tip"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="11"
              markerHeight="11"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8z" fill="context-stroke" />
            </marker>
          </defs>
          {edges.map((edge) => {
            const from = nodeOf(edge.from)
            const to = nodeOf(edge.to)
            const line = edge.points.map(([x, y]) => `${x} ${y}`).join('L')
            const sign = signs[edge.verdict]
            const room = sign === undefined ? 0 : signSize + 2
            const wide = widthOf(edge.label) * 6.2 + 8 + room
            const [x = 0, y = 0] = edge.labelAt
            return (
              <g
                key={edge.id}
                {...thing(edge.id, () => onEdge(edge))}
                className={`path-edge is-${edge.verdict}`}
                data-chosen={edge.id === chosen}
                aria-label={t.edgeName(
                  from?.label ?? '',
                  to?.label ?? '',
                  edge.label,
                  t.verdict[edge.verdict],
                )}
              >
                <path className="path-hit" d={`M${line}`} />
                <path className="path-arrow" d={`M${line}`} markerEnd="url(#path-tip)" />
                <rect className="path-label-box" x={x - wide / 2} y={y - 9} width={wide} height={18} rx={4} />
                {sign !== undefined && (
                  <Sign name={sign} size={signSize} x={x - wide / 2 + 4} y={y - signSize / 2} />
                )}
                <text className="path-label" x={x + room / 2} y={y + 4} textAnchor="middle" lang={language}>
                  {edge.label}
                </text>
              </g>
            )
          })}
          {nodes.map((node) => (
            <g
              key={node.id}
              {...thing(node.id, () => onNode(node))}
              className={`path-node is-${node.kind} ${node.isAdministrator ? 'is-admin' : ''}`}
              transform={`translate(${node.x} ${node.y})`}
              aria-label={
                node.members === undefined
                  ? t.node(node.label, kindWords(node.kind, t), out(node.id).length)
                  : `${t.node(node.label, kindWords(node.kind, t), out(node.id).length)}. ${t.folded(node.count)}`
              }
            >
              {node.members !== undefined && (
                <rect className="path-box" x={4} y={4} width={node.width} height={node.height} rx={8} />
              )}
              <rect
                className="path-box"
                width={node.width}
                height={node.height}
                rx={node.kind === 'role' ? 17 : 6}
              />
              <text x={node.width / 2} y={node.height / 2 + 4.5} textAnchor="middle" lang={language}>
                {node.label}
              </text>
              {node.mask !== undefined && (
                <g transform="translate(0 -16)">
                  <Mask role={{ id: node.mask, name: node.label }} size={26} />
                </g>
              )}
            </g>
          ))}
        </svg>
      </div>
      {picture.hidden > 0 && <p>{t.hidden(picture.hidden)}</p>}
    </figure>
  )
}

/** The signs beside the dots, for steps that are no way, or perhaps none. */
const signs: Readonly<Partial<Record<Verdict, SignName>>> = { blocked: 'no', undecided: 'unknown' }
const signSize = 11

/** How many characters of the Latin script a text is as wide as. */
function widthOf(text: string): number {
  return [...text].reduce((width, each) => width + (/[\u1100-\uffff]/.test(each) ? 1.7 : 1), 0)
}

function kindWords(kind: string, { kind: words }: (typeof pathsText)['en']): string {
  return Object.entries(words).find(([name]) => name === kind)?.[1] ?? kind
}
