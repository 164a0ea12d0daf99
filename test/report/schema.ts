import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv-draft-04'
import { validateXML } from 'xmllint-wasm'

const folder = join(import.meta.dirname, 'schemas')

/** What the SARIF 2.1.0 schema finds wrong with a log; empty where nothing is. */
export function sarifProblems(text: string): readonly string[] {
  // `format: uri` is checked by the schema's reader elsewhere; here it is an annotation
  const ajv = new Ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false })
  const schema: unknown = JSON.parse(readFileSync(join(folder, 'sarif-2.1.0.json'), 'utf8'))
  const validate = ajv.compile(schema as object)
  if (validate(JSON.parse(text))) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** What Jenkins's JUnit schema finds wrong with a report; empty where nothing is. */
export async function junitProblems(text: string): Promise<readonly string[]> {
  const schema = readFileSync(join(folder, 'junit.xsd'), 'utf8')
  const { errors } = await validateXML({ xml: text, schema })
  return errors.map(({ message }) => message)
}
