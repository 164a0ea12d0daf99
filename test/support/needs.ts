import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTool, mustHaveAll, type ToolName, tools } from '../../scripts/tools.mjs'

const found = new Map<ToolName, string | undefined>()

/**
 * Options for a suite or test that needs tools beyond npm: it is skipped, saying which is missing, where one
 * is. In CI on the distribution that has all tools nothing is skipped: the suite fails at its first use of the tool.
 */
export function needs(...names: readonly ToolName[]): { readonly skip: string | false } {
  const missing = names.filter((name) => pathOf(name) === undefined)
  if (missing.length === 0 || mustHaveAll()) return { skip: false }
  return { skip: `lacks ${missing.map((name) => tools[name].label).join(' and ')}` }
}

/** The tool's path. @throws where the machine lacks it */
export function toolPath(name: ToolName): string {
  const path = pathOf(name)
  if (path === undefined) throw new Error(`${tools[name].label} is missing`)
  return path
}

function pathOf(name: ToolName): string | undefined {
  if (!found.has(name)) {
    const path = findTool(name)
    found.set(name, path && (hosted(name, path) ?? path))
  }
  return found.get(name)
}

/** The program in its place that needs less than half of the time (scripts/suites/pythons.mjs), if there is one. */
function hosted(name: ToolName, path: string): string | undefined {
  const folder = process.env.PYTHON_HOSTS
  if (folder === undefined) return undefined
  const isPython = name === 'boto3' || (name === 'moto' && path === findTool('boto3'))
  const program = join(folder, name === 'awsCli' ? 'aws' : isPython ? 'python3' : name)
  return existsSync(program) ? program : undefined
}
