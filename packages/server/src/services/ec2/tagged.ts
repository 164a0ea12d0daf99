import type { Call, ContextKeys } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { instances, type Table, type TableDefinition, type Tag } from '../../directory/index.ts'
import { ec2Arn } from './ids.ts'
import { findImage, imageKeys } from './image/image.ts'
import { findInstance, instanceKeys } from './instance/instance.ts'
import {
  type Ec2Record,
  images,
  keyPairs,
  launchTemplates,
  networkInterfaces,
  securityGroupRules,
  securityGroups,
  subnets,
  volumes,
  vpcs,
} from './records.ts'

/** A kind of resource with tags, identified by its id's prefix. */
interface TaggedKind {
  /** Its name in ARNs and in DescribeTags. */
  readonly type: string
  readonly definition: TableDefinition<Ec2Record, string>
}

/** A definition without the type of its record's further members. */
function tagged<R extends Ec2Record, Index extends string>(
  type: string,
  definition: TableDefinition<R, Index>,
): TaggedKind {
  // tags are put back into the same record
  return { type, definition: definition as unknown as TableDefinition<Ec2Record, string> }
}

const kinds: Readonly<Record<string, TaggedKind>> = {
  i: tagged('instance', instances),
  vpc: tagged('vpc', vpcs),
  subnet: tagged('subnet', subnets),
  sg: tagged('security-group', securityGroups),
  sgr: tagged('security-group-rule', securityGroupRules),
  eni: tagged('network-interface', networkInterfaces),
  vol: tagged('volume', volumes),
  ami: tagged('image', images),
  key: tagged('key-pair', keyPairs),
  lt: tagged('launch-template', launchTemplates),
}

/** A resource with tags, and its table. */
export interface Tagged {
  readonly type: string
  readonly table: Table<Ec2Record, string>
  readonly record: Ec2Record
}

/** Returns the resource of this id, of any kind. */
export function findTagged(id: string, call: Call): Tagged | undefined {
  const kind = kindOf(id)
  if (kind === undefined) return undefined
  const table = call.account.table(kind.definition)
  const record = kind.type === 'instance' ? findInstance(id, call) : table.find(id)
  return record?.region === call.region ? { type: kind.type, table, record } : undefined
}

/** @throws Fault InvalidID, or the kind's own NotFound */
export function getTagged(id: string, call: Call): Tagged {
  const record = findTagged(id, call)
  if (record !== undefined) return record
  throw kindOf(id) === undefined
    ? fault('InvalidID', `The ID '${id}' is not valid`, 400)
    : fault(
        notFoundCodes[kindOf(id)!.type] ?? 'InvalidID',
        `The ${kindOf(id)!.type} ID '${id}' does not exist`,
        400,
      )
}

const notFoundCodes: Readonly<Record<string, string>> = {
  instance: 'InvalidInstanceID.NotFound',
  vpc: 'InvalidVpcID.NotFound',
  subnet: 'InvalidSubnetID.NotFound',
  'security-group': 'InvalidGroup.NotFound',
  'security-group-rule': 'InvalidSecurityGroupRuleId.NotFound',
  'network-interface': 'InvalidNetworkInterfaceID.NotFound',
  volume: 'InvalidVolume.NotFound',
  image: 'InvalidAMIID.NotFound',
  'key-pair': 'InvalidKeyPair.NotFound',
  'launch-template': 'InvalidLaunchTemplateId.NotFound',
}

/** Returns its ARN in policies; a key pair's contains its name. */
export function arnOf(id: string, found: Tagged | undefined, call: Call): string {
  const type = found?.type ?? kindOf(id)?.type ?? '*'
  const account = type === 'image' ? '' : call.account.id
  const name =
    type === 'key-pair' && found !== undefined && 'name' in found.record ? String(found.record.name) : id
  return ec2Arn(call, account, type, name)
}

/** Returns the condition keys of the kind beside its tags. */
export function kindKeys(found: Tagged | undefined, call: Call): ContextKeys {
  if (found?.type === 'instance') return instanceKeys(findInstance(found.record.id, call))
  if (found?.type === 'image') return imageKeys(findImage(found.record.id, call))
  return {}
}

/** Returns every tag of every resource in this region. */
export function allTags(
  call: Call,
): readonly { readonly id: string; readonly type: string; readonly tag: Tag }[] {
  return Object.values(kinds).flatMap(({ type, definition }) =>
    [...call.account.table(definition).values()]
      .filter((record) => record.region === call.region)
      .flatMap((record) => record.tags.map((tag) => ({ id: record.id, type, tag }))),
  )
}

function kindOf(id: string): TaggedKind | undefined {
  const prefix = id.slice(0, id.lastIndexOf('-'))
  return Object.hasOwn(kinds, prefix) ? kinds[prefix] : undefined
}
