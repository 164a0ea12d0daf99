import { type JsonNode, type JsonProblem, parseJson } from '@omen-iam/policy'
import { limits } from './limits.ts'
import { asShown } from './terraform-state.ts'
import { parseYaml } from './yaml.ts'

/**
 * The tree of a JSON or YAML file with the place of each value: the first of several YAML documents, `null` if the
 * file is empty. Length and nesting are limited.
 */
export function readTree(text: string, file: string): JsonNode | JsonProblem {
  const isJson = file.endsWith('.json')
  if (text.length > (isJson ? limits.jsonCharacters : limits.yamlCharacters))
    return problemAt('The file is too long.')
  const parsed = isJson ? parseJson(text, limits.depth) : parseYaml(text)
  if ('type' in parsed) return parsed
  return parsed[0] ?? { type: 'scalar', value: null, raw: 'null', start: 0, end: 0 }
}

/** The trees of all documents of a YAML file. Length and nesting are limited. */
export function readTrees(text: string): readonly JsonNode[] | JsonProblem {
  return text.length > limits.yamlCharacters ? problemAt('The file is too long.') : parseYaml(text)
}

/**
 * The tree of a file that is JSON or YAML by its first character, whatever its name is. A state file of Terraform has the
 * form that `terraform show -json` prints.
 */
export function parseSource(text: string, file: string): JsonNode | JsonProblem {
  const isJson = /^\s*[{[]/.test(text)
  const tree = readTree(text, isJson ? 'source.json' : 'source.yaml')
  // a flow collection of YAML begins as JSON does
  const found =
    isJson && tree.type === 'problem' && !file.endsWith('.json') ? readTree(text, 'source.yaml') : tree
  return found.type === 'problem' ? found : asShown(found)
}

/** A problem at an offset. */
export function problemAt(message: string, start = 0): JsonProblem {
  return { type: 'problem', message, start, end: start }
}
