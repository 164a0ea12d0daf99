import { query, rest } from './aws.ts'
import type { InstanceProfile } from './profiles.ts'

/** An instance or a function, and the role that it wears. */
export interface Workload {
  readonly kind: 'instance' | 'function'
  readonly id: string
  readonly title: string
  readonly state: string
  /** The ARN of an instance's profile. */
  readonly profile?: string
  /** The id of what ties the profile to the instance. */
  readonly association?: string
  readonly role?: string
}

/** All instances that are not terminated, with the roles that their profiles hold. */
export async function instancesWithRoles(
  profiles: readonly InstanceProfile[],
  signal?: AbortSignal,
): Promise<readonly Workload[]> {
  const [described, tied] = await Promise.all([
    query('ec2', 'DescribeInstances', {}, { signal }),
    query('ec2', 'DescribeIamInstanceProfileAssociations', {}, { signal }),
  ])
  const ties = new Map(
    tied
      .list('iamInstanceProfileAssociationSet')
      .filter((each) => each.text('state') === 'associated')
      .map((each) => [each.text('instanceId'), each]),
  )
  return described
    .list('reservationSet')
    .flatMap((reservation) => reservation.list('instancesSet'))
    .filter((instance) => instance.child('instanceState').text('name') !== 'terminated')
    .map((instance): Workload => {
      const id = instance.text('instanceId')
      const tie = ties.get(id)
      const profile =
        tie?.child('iamInstanceProfile').text('arn') || instance.child('iamInstanceProfile').text('arn')
      const role = profiles.find(({ arn }) => arn === profile)?.role?.name
      return {
        kind: 'instance',
        id,
        title: instance.tags('tagSet').find(({ key }) => key === 'Name')?.value ?? '',
        state: instance.child('instanceState').text('name'),
        ...(profile === '' ? {} : { profile }),
        ...(tie === undefined ? {} : { association: tie.text('associationId') }),
        ...(role === undefined ? {} : { role }),
      }
    })
}

interface LambdaFunction {
  readonly FunctionName: string
  readonly Description?: string
  readonly Role: string
  readonly Runtime?: string
}

/** All functions with their roles. */
export async function functionsWithRoles(signal?: AbortSignal): Promise<readonly Workload[]> {
  const found: LambdaFunction[] = []
  for (let marker: string | undefined; ; ) {
    const asked = marker === undefined ? '' : `?Marker=${encodeURIComponent(marker)}`
    const { Functions, NextMarker } = await rest<{
      Functions: readonly LambdaFunction[]
      NextMarker?: string | null
    }>('lambda', 'GET', `/2015-03-31/functions/${asked}`, undefined, { signal })
    found.push(...Functions)
    if (NextMarker === undefined || NextMarker === null || NextMarker === '') break
    marker = NextMarker
  }
  return found.map(({ FunctionName, Description = '', Role, Runtime = '' }) => ({
    kind: 'function',
    id: FunctionName,
    title: Description,
    state: Runtime,
    role: Role.slice(Role.lastIndexOf('/') + 1),
  }))
}

/** Gives an instance another profile; an empty name takes the profile away. */
export async function setInstanceProfile(instance: Workload, name: string): Promise<void> {
  const { association } = instance
  const IamInstanceProfile = { Name: name }
  if (name === '') {
    if (association !== undefined)
      await query('ec2', 'DisassociateIamInstanceProfile', { AssociationId: association })
  } else if (association === undefined)
    await query('ec2', 'AssociateIamInstanceProfile', { InstanceId: instance.id, IamInstanceProfile })
  else
    await query('ec2', 'ReplaceIamInstanceProfileAssociation', {
      AssociationId: association,
      IamInstanceProfile,
    })
}

/** Gives a function another role. */
export async function setFunctionRole(name: string, roleArn: string): Promise<void> {
  await rest('lambda', 'PUT', `/2015-03-31/functions/${encodeURIComponent(name)}/configuration`, {
    Role: roleArn,
  })
}

/** The input for a new function. */
export interface NewFunction {
  readonly name: string
  readonly roleArn: string
  readonly runtime: string
  readonly handler: string
  /** A zip file; the sample if absent. */
  readonly code?: File
}

/** A zip of one index.js, which returns its event and the id of the access key by which the function wears its role. */
const sample =
  'UEsDBBQAAAAIAAAAAAA0OEOehgAAAKAAAAAIAAAAaW5kZXguanM9zEELgjAchvG7n+I9KsS8BwZiHsSbO0SnsbY/bCSbbEsb0XePDDo+8PCra0yUHsFF2BRBK7l0gHQayRCkUhQj7pRxy9iMVQY2YSMZfn/wM7GCnosPKTIjnZ4poIGM2SmUO1ehOaF8/e3dHCkP+ogl+G8xcitrL1y0XddzLsb+KoYz3lXxAVBLAQIUAxQAAAAIAAAAAAA0OEOehgAAAKAAAAAIAAAAAAAAAAAAAACkgQAAAABpbmRleC5qc1BLBQYAAAAAAQABADYAAACsAAAAAAA='

/** The handler of the sample. */
export const sampleHandler = 'index.handler'

/** Creates a function: its role is handed to Lambda. */
export async function createFunction({ name, roleArn, runtime, handler, code }: NewFunction): Promise<void> {
  const ZipFile = code === undefined ? sample : base64(new Uint8Array(await code.arrayBuffer()))
  await rest('lambda', 'POST', '/2015-03-31/functions', {
    FunctionName: name,
    Role: roleArn,
    Runtime: runtime,
    Handler: handler,
    Code: { ZipFile },
  })
}

export async function deleteFunction(name: string): Promise<void> {
  await rest('lambda', 'DELETE', `/2015-03-31/functions/${encodeURIComponent(name)}`)
}

/** Runs a function and returns its answer. The function wears its role meanwhile. */
export function invokeFunction(name: string): Promise<unknown> {
  return rest('lambda', 'POST', `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {})
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}

/** Launches one small instance of an image of Amazon's, with a profile. */
export async function launchInstance(profile: string, name: string): Promise<void> {
  const images = await query('ec2', 'DescribeImages', { Owner: ['amazon'] })
  const image = images.list('imagesSet').find((each) => each.text('architecture') === 'x86_64')
  const named = { ResourceType: 'instance', Tag: [{ Key: 'Name', Value: name }] }
  await query('ec2', 'RunInstances', {
    ImageId: image?.text('imageId'),
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    ...(profile === '' ? {} : { IamInstanceProfile: { Name: profile } }),
    ...(name === '' ? {} : { TagSpecification: [named] }),
  })
}
