import { fault } from '../base/index.ts'

/** The parameters of a call of CloudFormation by their names in the query protocol. */
export type Form = ReadonlyMap<string, string>

/**
 * The parameters in a body.
 * @throws Fault if one is given twice: two readers could take two different ones
 */
export function formIn(body: Uint8Array): Form {
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    if (form.has(name)) throw fault('ValidationError', `The parameter ${name} is given twice.`, 400)
    form.set(name, value)
  }
  return form
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

/** A stack parameter of a call: undefined means the previous value. */
export function parametersIn(form: Form): ReadonlyMap<string, string | undefined> {
  const parameters = new Map<string, string | undefined>()
  for (const [key, name] of form) {
    const prefix = /^(Parameters\.member\.\d+\.)ParameterKey$/.exec(key)?.[1]
    if (prefix === undefined) continue
    const previous = form.get(`${prefix}UsePreviousValue`)?.toLowerCase() === 'true'
    parameters.set(name, previous ? undefined : (form.get(`${prefix}ParameterValue`) ?? ''))
  }
  return parameters
}
