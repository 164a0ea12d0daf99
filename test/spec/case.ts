import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What a policy's conditions can say as a value: AWS reads numbers and booleans as their text. */
export type Scalar = string | number | boolean
export type OneOrMany<T> = T | readonly T[]

/** The element Principal or NotPrincipal as written. */
export type PrincipalElement = string | Readonly<Record<string, OneOrMany<string>>>

/** One statement as written. */
export type Statement = {
  readonly Sid?: string
  readonly Effect: string
  readonly Principal?: PrincipalElement
  readonly NotPrincipal?: PrincipalElement
  readonly Action?: OneOrMany<string>
  readonly NotAction?: OneOrMany<string>
  readonly Resource?: OneOrMany<string>
  readonly NotResource?: OneOrMany<string>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<Scalar>>>>>
}

/** One policy document as written. */
export type Document = {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: OneOrMany<Statement>
}

/** Who asks: an ARN, a service, or everyone ("*" is the anonymous caller). */
export type CasePrincipal = string | { readonly service: string }

/** What is asked. */
export type CaseRequest = {
  readonly principal: CasePrincipal
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Readonly<Record<string, OneOrMany<string>>>
}

/** All policies that have a say; an absent member has none. */
export type CasePolicies = {
  readonly identity?: readonly Document[]
  readonly boundary?: readonly Document[]
  readonly session?: readonly Document[]
  readonly resource?: Document
  readonly scp?: readonly (readonly Document[])[]
  readonly rcp?: readonly (readonly Document[])[]
  readonly endpoint?: readonly Document[]
}

export type Expectation = 'allowed' | 'explicitDeny' | 'implicitDeny'

/** A question without its answer. */
export type World = { readonly request: CaseRequest; readonly policies: CasePolicies }

/** A question with its answer: the public format of cases/. */
export type Case = World & { readonly name: string; readonly expect: Expectation; readonly because?: string }

/** Where the project's own cases live. */
export const casesFolder = join(import.meta.dirname, '../../cases')

/** Every case below `cases/` with its file, in a stable order. */
export function readCases(): { readonly file: string; readonly case: Case }[] {
  const files = readdirSync(casesFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
  return files.flatMap((name) => {
    const file = join(casesFolder, name)
    // The files are ours and every test that reads them checks the shape by deciding each case.
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Case | Case[]
    const cases = Array.isArray(parsed) ? parsed : [parsed]
    return cases.map((each) => ({ file: relative(casesFolder, file), case: each }))
  })
}
