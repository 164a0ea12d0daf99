import '../learn.css'
import { type Family, families, genesOf, maskBody } from 'omen-iam/masks'
import type { Inhabitant } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText } from '../text/learn.ts'
import { Drawing, Face } from './face.tsx'
import { Foreign } from './sentence.tsx'

const size = 48

/** The principals and resources of a lesson: faces, masks with their papers, and papers on the wall. */
export function LessonHouse({ house }: { readonly house: readonly Inhabitant[] }) {
  const t = useText(learnText)
  return (
    <ul className="lesson-house">
      {house.map((each) => (
        <li
          key={`${each.account ?? ''}${each.kind}${each.name}`}
          className={`lesson-inhabitant is-${each.kind}`}
        >
          <div className="lesson-inhabitant-head">
            <Picture inhabitant={each} />
            <div>
              <div className="lesson-kind">
                {t.kinds[each.kind]}
                {each.account !== undefined && ` · ${t.inAccount(each.account)}`}
                {each.unit !== undefined && ` · ${t.onUnit(each.unit)}`}
              </div>
              <b>
                <Foreign>{each.name}</Foreign>
              </b>
            </div>
          </div>
          <dl>
            {each.trust !== undefined && <Paper name={t.trust} lines={[each.trust]} />}
            <Paper
              name={each.kind === 'user' ? t.own : each.kind === 'role' ? t.may : t.says}
              lines={each.may}
              none={t.nothing}
            />
            {each.boundary !== undefined && <Paper name={t.boundary} lines={[each.boundary]} />}
            {each.tags !== undefined && <Paper name={t.tags} lines={[each.tags]} />}
          </dl>
        </li>
      ))}
    </ul>
  )
}

interface PaperProps {
  readonly name: string
  readonly lines: readonly string[]
  readonly none?: string
}

function Paper({ name, lines, none = '' }: PaperProps) {
  return (
    <div className="lesson-paper">
      <dt>{name}</dt>
      {lines.length === 0 ? (
        <dd>{none}</dd>
      ) : (
        lines.map((line) => (
          <dd key={line} className="lesson-code">
            <Foreign>{line}</Foreign>
          </dd>
        ))
      )}
    </div>
  )
}

function Picture({ inhabitant: { kind, mask } }: { readonly inhabitant: Inhabitant }) {
  if (kind === 'user') return <Face size={size} />
  if (mask === undefined) return <Sheet />
  const body = maskBody(familyOf(mask.family), genesOf(mask.id, mask.turn), 'plain', true)
  return <Drawing body={body} size={size} />
}

function familyOf(name: string): Family {
  return families.find((each) => each === name) ?? 'kitsune'
}

/** A policy that belongs to nobody's face. */
function Sheet() {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <g stroke="#1C1C1C" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round">
        <path d="M14 6h26l10 10v42H14z" fill="#FFF8EA" />
        <path d="M40 6v10h10M22 28h20M22 37h20M22 46h13" fill="none" />
      </g>
    </svg>
  )
}
