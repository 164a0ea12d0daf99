import { fault } from '../../base/index.ts'
import type { Given } from '../../sources/index.ts'

/** The parameters of a call of CloudFormation by their names in the query protocol. */
export type Form = ReadonlyMap<string, string>

/** Parameters with one value, those that are lists, and those that are structures. */
const names = new Set(
  `ChangeSetName ChangeSetType ClientRequestToken ClientToken DeletionMode DeploymentMode Description DisableRollback
  DisableValidation EnableTerminationProtection ImportExistingResources IncludeNestedStacks OnFailure OnStackFailure
  RetainExceptOnCreate RoleARN StackName StackPolicyBody StackPolicyDuringUpdateBody StackPolicyDuringUpdateURL
  StackPolicyURL TemplateBody TemplateURL TimeoutInMinutes UsePreviousTemplate Action Version`.split(/\s+/),
)
const lists = new Set(
  'Capabilities NotificationARNs Parameters ResourceTypes ResourcesToImport RetainResources Tags'.split(' '),
)
const structures = new Set(['RollbackConfiguration', 'DeploymentConfig'])

/**
 * The parameters in a body.
 * @throws Fault if two readers could take two different ones: one is given twice, is unknown, or is a list that is not
 * numbered from 1 without gaps (behaviour GRD-261)
 */
export function formIn(body: Uint8Array): Form {
  const form = new Map<string, string>()
  const numbers = new Map<string, number[]>()
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    if (form.has(name)) throw invalid(`The parameter ${name} is given twice.`)
    form.set(name, value)
    const [first = '', ...more] = name.split('.')
    const isPlain = more.length === 0 && (names.has(first) || (lists.has(first) && value === ''))
    const isList = lists.has(first) && more[0] === 'member' && more.length > 1
    const isInside = structures.has(first) && more.length > 0
    if (!isPlain && !isList && !isInside) throw invalid(`The parameter ${name} is not known.`)
    for (const [, list = '', index = ''] of name.matchAll(/(?<=^(.*)\.member\.)([^.]*)/g)) {
      if (!/^[1-9]\d{0,4}$/.test(index)) throw invalid(`The parameter ${name} is not numbered from 1.`)
      numbers.set(list, [...(numbers.get(list) ?? []), Number(index)])
    }
  }
  for (const [list, given] of numbers)
    if (new Set(given).size !== Math.max(...given)) throw invalid(`The list ${list} has gaps.`)
  return form
}

function invalid(message: string) {
  return fault('ValidationError', message, 400)
}

export function bodyOf(form: Form): Uint8Array {
  return Buffer.from(new URLSearchParams([...form]).toString())
}

/** The texts of a list: `Capabilities.member.1`. */
export function listIn(form: Form, name: string): readonly string[] {
  const prefix = `${name}.member.`
  return [...form].flatMap(([key, value]) =>
    key.startsWith(prefix) && /^\d+$/.test(key.slice(prefix.length)) ? [value] : [],
  )
}

/** The parameters of the call's stack: undefined means the previous value. @throws Fault if one is given twice */
export function parametersIn(form: Form): ReadonlyMap<string, string | undefined> {
  const parameters = new Map<string, string | undefined>()
  for (const [key, name] of form) {
    const prefix = /^(Parameters\.member\.\d+\.)ParameterKey$/.exec(key)?.[1]
    if (prefix === undefined) continue
    if (parameters.has(name)) throw invalid(`The parameter ${name} of the stack is given twice.`)
    const previous = form.get(`${prefix}UsePreviousValue`)?.toLowerCase() === 'true'
    const value = form.get(`${prefix}ParameterValue`)
    if (previous && value !== undefined)
      throw invalid(`The parameter ${name} of the stack has a value, and its previous value.`)
    parameters.set(name, previous ? undefined : (value ?? ''))
  }
  return parameters
}

/**
 * The form with the template and the parameters that were evaluated, and no other ones. A previous value that is hidden
 * stays the previous value.
 */
export function withEvaluated(
  form: Form,
  text: string,
  given: Iterable<string>,
  parameters: ReadonlyMap<string, Given>,
): Form {
  const sent = new Map(
    [...form].filter(
      ([name]) => !/^(?:TemplateBody|TemplateURL|UsePreviousTemplate|Parameters(?:\..*)?)$/.test(name),
    ),
  )
  sent.set('TemplateBody', text)
  for (const [index, name] of [...given].entries()) {
    const prefix = `Parameters.member.${index + 1}`
    const value = parameters.get(name)
    sent.set(`${prefix}.ParameterKey`, name)
    if (typeof value === 'string') sent.set(`${prefix}.ParameterValue`, value)
    else sent.set(`${prefix}.UsePreviousValue`, 'true')
  }
  return sent
}
