import { createHash } from 'node:crypto'
import { relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Place, Result, Tool } from './result.ts'

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/**
 * Returns a SARIF 2.1.0 log of one run. @param root the folder that file names are relative to, usually the
 * repository's root; a file outside of it keeps its absolute `file:` URI
 */
export function sarif(tool: Tool, results: readonly Result[], root: string): string {
  const ids = [...new Set(results.map(({ rule }) => rule))].sort()
  const indexes = new Map(ids.map((id, index) => [id, index]))
  const log = {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            rules: ids.map((id) => ruleOf(id, tool.rules?.[id])),
          },
        },
        columnKind: 'utf16CodeUnits',
        ...(tool.failure === undefined
          ? {}
          : {
              invocations: [
                {
                  executionSuccessful: false,
                  toolExecutionNotifications: [{ level: 'error', message: { text: tool.failure } }],
                },
              ],
            }),
        results: results.map((result) => ({
          ruleId: result.rule,
          ruleIndex: indexes.get(result.rule),
          level: result.level,
          message: { text: result.message },
          ...(result.place === undefined ? {} : { locations: [locationOf(result.place, root)] }),
          ...relatedOf(result, root),
          ...(result.fingerprint === undefined
            ? {}
            : { partialFingerprints: { 'omen/v1': hashOf(result.fingerprint) } }),
          ...(result.suppressed === undefined
            ? {}
            : { suppressions: [{ kind: 'external', justification: result.suppressed }] }),
          ...(result.properties === undefined ? {} : { properties: result.properties }),
        })),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function ruleOf(id: string, description: string | undefined) {
  return description === undefined ? { id } : { id, shortDescription: { text: description } }
}

function relatedOf({ related = [] }: Result, root: string) {
  if (related.length === 0) return {}
  return {
    relatedLocations: related.map(({ place, message }, id) => ({
      id,
      ...locationOf(place, root),
      message: { text: message },
    })),
  }
}

function locationOf(place: Place, root: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.file, root) },
      region: {
        startLine: place.startLine,
        startColumn: place.startColumn,
        endLine: place.endLine,
        endColumn: place.endColumn,
      },
    },
  }
}

function uriOf(file: string, root: string): string {
  if (file === '-') return 'stdin'
  const path = relative(root, file)
  const outside = path === '' || path.split(sep)[0] === '..'
  return outside ? pathToFileURL(file).href : path.split(sep).map(encodeURIComponent).join('/')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
