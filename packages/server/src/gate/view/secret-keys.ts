import type { CompiledSet, Statement } from '@omen-iam/policy'

/** Returns whether the value of a condition key must not be shown. */
export type IsSecret = (key: string) => boolean

/** A policy variable, with the key that it names. */
const variable = /\$\{([^},]{1,300})/g

/** Returns whether a text has a variable whose value must not be shown. */
export function isFilledWithSecret(text: string, isSecret: IsSecret): boolean {
  return [...text.matchAll(variable)].some(([, key = '']) => isSecret(key.trim()))
}

/** Returns whether a policy compares a key that must not be shown, or fills a value with it. */
export function restsOnSecret(policies: CompiledSet, isSecret: IsSecret): boolean {
  const { identity, resource, boundary, session, endpoint, scp = [], rcp = [] } = policies
  return [identity, resource, boundary, session, endpoint, ...scp, ...rcp].some((layer) =>
    layer?.policies.some(({ policy }) => policy.statements.some((each) => namesSecret(each, isSecret))),
  )
}

function namesSecret({ condition, resource }: Statement, isSecret: IsSecret): boolean {
  const isFilled = ({ value }: { readonly value: string }) => isFilledWithSecret(value, isSecret)
  return (
    condition.some(({ key, values }) => isSecret(key) || values.some(isFilled)) ||
    resource?.values.some(isFilled) === true
  )
}
