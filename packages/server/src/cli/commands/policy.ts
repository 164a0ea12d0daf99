import type { Command } from 'commander'
import { addPolicyDiff } from './policy-diff.ts'
import { addPolicyExplain } from './policy-explain.ts'
import { addPolicyFmt } from './policy-fmt.ts'
import { addPolicyGenerate } from './policy-generate.ts'
import { addPolicyLint } from './policy-lint.ts'
import { addPolicyMinimize } from './policy-minimize.ts'

/** `omen policy`: policies as files. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('check, explain, format, compare and write policies')
  for (const add of [
    addPolicyLint,
    addPolicyExplain,
    addPolicyFmt,
    addPolicyDiff,
    addPolicyGenerate,
    addPolicyMinimize,
  ])
    add(policy)
  for (const command of policy.commands) command.exitOverride()
}
