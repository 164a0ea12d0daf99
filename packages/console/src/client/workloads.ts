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

/** Launches one small instance of an image of Amazon's, with a profile. */
export async function launchInstance(profile: string): Promise<void> {
  const images = await query('ec2', 'DescribeImages', { Owner: ['amazon'] })
  const image = images.list('imagesSet').find((each) => each.text('architecture') === 'x86_64')
  await query('ec2', 'RunInstances', {
    ImageId: image?.text('imageId'),
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    ...(profile === '' ? {} : { IamInstanceProfile: { Name: profile } }),
  })
}
