import { type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { featuresOf, setFeatures } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput, limitExceeded } from '../faults.ts'

/** The most properties of an account. */
const propertiesMost = 100

/**
 * Settings of the account, which are stored and returned; none of them affects Omen (behaviours IAM-220 and IAM-221).
 */
export const accountPropertiesFamily = family<Iam.Operations>()({
  GetAccountProperties: {
    context: (_input, call) => namespaces(Object.keys(propertiesOf(call))),
    run: (_input, call) => ({ Properties: propertiesOf(call) }),
  },
  PutAccountProperties: {
    context: (input) => namespaces(Object.keys(input.Properties)),
    run(input, call) {
      for (const [key, value] of Object.entries(input.Properties)) checkProperty(key, value)
      const given = Object.keys(input.Properties)
      if (given.length === 0) throw invalidInput('At least one property is required.')
      if (new Set(given.map(namespaceOf)).size > 1) {
        throw invalidInput('All properties in a request must belong to the same namespace.')
      }
      const properties = { ...propertiesOf(call), ...input.Properties }
      if (Object.keys(properties).length > propertiesMost) {
        throw limitExceeded(`Cannot exceed quota for PropertiesPerAccount: ${propertiesMost}`)
      }
      setFeatures(call.account, { ...featuresOf(call.account), properties })
      return {}
    },
  },
})

const keyForm = /^[A-Za-z][A-Za-z\d_-]*\/[A-Za-z\d_-]+$/

function checkProperty(key: string, value: string): void {
  if (key.length > 50 || !keyForm.test(key)) {
    throw invalidInput(`Invalid property key: ${key}. Keys have the form Namespace/PropertyName.`)
  }
  if (value.length < 1 || value.length > 1_024) throw invalidInput(`Invalid value of the property ${key}.`)
}

function propertiesOf({ account }: Call): Readonly<Record<string, string>> {
  return featuresOf(account).properties ?? {}
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf('/'), 0))
}

function namespaces(keys: readonly string[]): ContextKeys {
  return { 'iam:AccountPropertyNamespaces': [...new Set(keys.map(namespaceOf))] }
}
