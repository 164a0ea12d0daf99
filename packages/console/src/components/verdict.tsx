import '../ask.css'
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { titleIn } from 'omen-iam/views'
import { useState } from 'react'
import type { Layer, LayerName, Question, TracedPolicy, TracedStatement } from '../client/decisions.ts'
import { useLanguage, useText } from '../text/language.ts'
import { layerKey, whyText } from '../text/why.ts'
import { Sign, YesOrNo } from './sign.tsx'

/** The gates in the order in which AWS evaluates them. */
const order: readonly LayerName[] = ['scp', 'rcp', 'resource', 'identity', 'boundary', 'session', 'endpoint']

/** One question with its gates: where it stopped, and the statement that decided. */
export function Verdict({ question }: { readonly question: Question }) {
  const t = useText(whyText)
  const stop = stopOf(question)
  const [chosen, setChosen] = useState<LayerName>()
  const open = chosen ?? stop ?? grantOf(question)
  const layers = question.layers.filter(({ layer }) => layer === open)
  return (
    <div className="verdict">
      <ol className="gates" aria-label={t.gates}>
        {order.map((name) => {
          const here = question.layers.filter(({ layer }) => layer === name)
          if (name === 'endpoint' && here.length === 0) return null
          const state = stateOf(here, name === stop)
          return (
            <li key={name}>
              <button
                type="button"
                className={`gate gate-${state}`}
                aria-pressed={name === open}
                disabled={here.length === 0}
                onClick={() => setChosen(name)}
              >
                <span className="gate-name">{t.layers[layerKey(name, question.action)]}</span>
                <span className="gate-state">
                  <Sign name={signs[state]} /> {t[words[state]]}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
      {question.missing === true && <p>{t.missing}</p>}
      {question.outOfScope === true && <p>{t.outOfScope}</p>}
      {question.assumed !== undefined && <p>{t.assumed(question.assumed)}</p>}
      {layers.map((layer) => (
        <LayerDetail key={layer.level ?? 0} layer={layer} action={question.action} />
      ))}
    </div>
  )
}

type State = 'stop' | 'allow' | 'silent' | 'off' | 'absent'
const signs = { stop: 'no', allow: 'yes', silent: 'silent', off: 'off', absent: 'absent' } as const
const words = { stop: 'stop', allow: 'grant', silent: 'silent', off: 'notApplied', absent: 'absent' } as const

function stateOf(layers: readonly Layer[], stops: boolean): State {
  if (stops) return 'stop'
  if (layers.length === 0) return 'absent'
  if (layers.every(({ verdict }) => verdict === 'notApplied')) return 'off'
  return layers.some(({ verdict }) => verdict === 'noAllow') ? 'silent' : 'allow'
}

/** The layer that stopped the question; undefined if none did. */
export function stopOf({ outcome, because }: Question): LayerName | undefined {
  return outcome === 'allowed' ? undefined : order.find((name) => name === because)
}

function grantOf({ layers }: Question): LayerName | undefined {
  const granting = layers.filter(({ verdict }) => verdict === 'allow')
  return (granting.find(({ layer }) => layer === 'identity') ?? granting[0] ?? layers[0])?.layer
}

function LayerDetail({ layer, action }: { readonly layer: Layer; readonly action: string }) {
  const t = useText(whyText)
  const level = layer.level === undefined ? '' : `${t.separator}${t.level(layer.level)}`
  return (
    <section className={`layer layer-${layer.verdict}`}>
      <h3>
        {t.layers[layerKey(layer.layer, action)]}
        {level}
      </h3>
      {layer.hidden === true && <p>{t.hidden}</p>}
      {layer.hidden !== true && layer.policies.length === 0 && <p>{t.absent}</p>}
      {layer.policies.map((policy) => (
        <PolicyDetail key={policy.policy + policy.title} policy={policy} action={action} />
      ))}
    </section>
  )
}

/** Statements about other actions that are named where none is about this one. */
const mostFar = 12

/** A policy with the statements that are about the action; of the others only how many there are. */
function PolicyDetail({ policy, action }: { readonly policy: TracedPolicy; readonly action: string }) {
  const t = useText(whyText)
  const language = useLanguage()
  const isNear = (one: TracedStatement) =>
    one.matched || one.document !== undefined || one.problem !== undefined
  const near = policy.statements.filter(isNear)
  const far = policy.statements.filter((one) => !isNear(one))
  return (
    <div className="traced-policy">
      <div dir="auto">
        <b>{titleIn(language, policy.title)}</b>
      </div>
      {near.length === 0 && <p>{t.noStatement}</p>}
      {near.map((statement) => (
        <Statement key={statement.index} statement={statement} action={action} />
      ))}
      {far.length > 0 && near.length > 0 && <Box variant="small">{t.others(far.length)}</Box>}
      {near.length === 0 && (
        <ul className="far">
          {far.slice(0, mostFar).map(({ sid, index, effect, line, failed }) => (
            <li key={index} lang="en" dir="auto">
              {sid === undefined ? t.statementNumber(index + 1) : <code>{sid}</code>} {effect}{' '}
              {failed?.element} {failed?.wanted?.slice(0, 6).join(', ')} <Sign name="no" /> {t.line(line)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Statement({ statement, action }: { readonly statement: TracedStatement; readonly action: string }) {
  const t = useText(whyText)
  const { sid, index, effect, line, matched, failed, conditions, problem, unknownActions, document } =
    statement
  return (
    <div className={`traced ${matched ? 'is-matched' : ''} is-${effect.toLowerCase()}`}>
      <div>
        {sid === undefined ? t.statementNumber(index + 1) : <code>{sid}</code>}{' '}
        <span lang="en">{effect}</span>{' '}
        <Box variant="small" display="inline">
          {t.line(line)}
        </Box>{' '}
        <span className={matched ? 'mark-yes' : 'mark-no'}>
          <YesOrNo yes={matched} /> {matched ? t.applies : t.fails(failed?.element ?? action)}
        </span>
      </div>
      {failed !== undefined && (
        <dl className="held">
          {failed.operator !== undefined && (
            <>
              <dt>{t.statement}</dt>
              <dd lang="en">
                {failed.operator} {failed.key}
              </dd>
            </>
          )}
          <dt>{t.wanted}</dt>
          <dd lang="en" dir="auto">
            {(failed.wanted ?? []).join(', ') || t.nothing}
          </dd>
          {failed.operator !== undefined && (
            <>
              <dt>{t.seen}</dt>
              <dd lang="en" dir="auto">
                {failed.secret === true ? t.secret : (textOf(failed.seen) ?? t.nothing)}
              </dd>
            </>
          )}
        </dl>
      )}
      {failed?.needsSetOperator === true && <p>{t.needsSetOperator}</p>}
      {conditions?.map(({ operator, key, wanted, seen, secret }) => (
        <div key={operator + key} lang="en" dir="auto">
          <Sign name="yes" /> {operator} {key}: {wanted.join(', ')} ({t.seen}:{' '}
          {secret === true ? t.secret : (textOf(seen) ?? t.nothing)})
        </div>
      ))}
      {problem !== undefined && <p lang="en">{problem}</p>}
      {unknownActions?.map((unknown) => (
        <p key={unknown}>{t.unknownAction(unknown)}</p>
      ))}
      {document !== undefined && (
        <pre className="policy-plain policy-whole" lang="en" dir="auto">
          {JSON.stringify(document, null, 2)}
        </pre>
      )}
    </div>
  )
}

/** The condition keys that a question brought. */
export function RequestContext({ question }: { readonly question: Question }) {
  const t = useText(whyText)
  const entries = Object.entries(question.context).sort(([a], [b]) => (a < b ? -1 : 1))
  return (
    <ExpandableSection headerText={`${t.context} (${t.keys(entries.length)})`}>
      <dl className="held">
        {entries.map(([key, value]) => (
          <div key={key} className="held-row">
            <dt lang="en">{key}</dt>
            <dd lang="en" dir="auto">
              {textOf(value)}
            </dd>
          </div>
        ))}
      </dl>
    </ExpandableSection>
  )
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  return Array.isArray(value) ? value.join(', ') : String(value)
}
