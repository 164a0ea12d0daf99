import type { DecisionView as Decision, QuestionView, WayView } from '../../views/index.ts'
import type { ReasonWords } from '../words/reason.ts'

export type {
  BehindView,
  ConditionView,
  EditView,
  KeyChangeView,
  LayerView,
  OpensView,
  PolicyView,
  StatementView,
  WayView,
} from '../../views/index.ts'

/** A decision, or the answer to a question, which is of no call. */
export type DecisionView = Pick<Decision, 'caller' | 'allowed'> &
  Partial<Omit<Decision, 'caller' | 'allowed' | 'asked'>> & { readonly asked: readonly AskedView[] }

/** One question of it. */
export type AskedView = Omit<QuestionView, 'caller'> & {
  /** The decision; only the halves of `omen pass` have one each. */
  readonly id?: string
  readonly caller?: string
  readonly ways?: readonly WayView[]
}

/** `Sid ReadPay`, or the statement's number. */
export function statementNamed(
  { sid, index }: { readonly sid?: string | undefined; readonly index?: number },
  t: ReasonWords,
): string {
  if (sid) return `Sid ${sid}`
  return index === undefined ? '' : t.statement(index + 1)
}

/** The values of a list that a line shows; of more it gives the number. */
export function listed(values: readonly string[], t: ReasonWords, most = 4): string {
  const texts = values.slice(0, most).map((value) => JSON.stringify(value))
  return `${texts.join(', ')}${values.length > most ? t.moreValues(values.length - most) : ''}`
}
