import {
  arn,
  entriesOf,
  entryOf,
  type InventoryAnswer,
  type InventoryReader,
  itemsOf,
  list,
  names,
  one,
  profileArn,
  resource,
  role,
  tagsOf,
  text,
  within,
} from './found.ts'

const fn = 'AWS::Lambda::Function'
const instance = 'AWS::EC2::Instance'
const template = 'AWS::EC2::LaunchTemplate'
const stackSet = 'AWS::CloudFormation::StackSet'

/** Answers about functions, instances and stacks. Source: AWS CLI Command Reference. */
export const computeReaders: Readonly<Record<string, InventoryReader | undefined>> = {
  'lambda list-functions': list(fn, 'Functions', (each) =>
    resource(fn, each.FunctionArn, { role: text(each.Role) }),
  ),
  'lambda list-function-url-configs': {
    read: ({ answer, ...given }) => {
      const lambdaArn = functionArn(given.input.FunctionName, { answer, ...given })
      const url = entriesOf(answer, 'FunctionUrlConfigs')[0]?.FunctionUrl
      const made = resource(fn, lambdaArn, { url: text(url) ?? false })
      return made === undefined ? [] : [made]
    },
  },
  'lambda get-function-code-signing-config': {
    read: (given) => {
      const lambdaArn = functionArn(given.input.FunctionName, given)
      const made = resource(fn, lambdaArn, {
        codeSigningConfig: text(given.answer.CodeSigningConfigArn) ?? false,
      })
      return made === undefined ? [] : [made]
    },
  },
  'lambda list-event-source-mappings': {
    read: ({ answer }) =>
      entriesOf(answer, 'EventSourceMappings').flatMap((each) => {
        const isOn = /^(?:Enabled|Enabling|Updating|Creating)$/.test(text(each.State) ?? '')
        const invokedBy = isOn ? `a mapping of ${text(each.EventSourceArn) ?? 'a source'}` : undefined
        return (
          resource(fn, text(each.FunctionArn)?.replace(/(:function:[^:]+):.*$/, '$1'), { invokedBy }) ?? []
        )
      }),
  },
  'lambda get-policy': {
    read: (given) => {
      const lambdaArn = functionArn(given.input.ResourceArn ?? given.input.FunctionName, given)
      const policy = text(given.answer.Policy)
      const made = resource(fn, lambdaArn, { invokedBy: invokingService(policy), policy })
      return made === undefined ? [] : [made]
    },
  },
  'ec2 describe-instances': {
    lists: [instance],
    read: (given) =>
      entriesOf(given.answer, 'Reservations').flatMap((reservation) =>
        entriesOf(reservation, 'Instances').flatMap((each) => {
          const state = text(within(each, 'State', 'Name'))
          if (state === 'terminated') return []
          return (
            resource(instance, arn(given, 'ec2', 'instance/', each.InstanceId), {
              instanceProfile: text(within(each, 'IamInstanceProfile', 'Arn')) ?? null,
              state,
              tags: tagsOf(each.Tags) ?? {},
            }) ?? []
          )
        }),
      ),
  },
  'ssm describe-instance-information': {
    lists: ['AWS::SSM::ManagedInstance'],
    read: (given) =>
      entriesOf(given.answer, 'InstanceInformationList').flatMap((each) => {
        const id = text(each.InstanceId) ?? ''
        const ssmAgent = each.PingStatus === 'Online' ? 'online' : 'offline'
        return (
          (id.startsWith('mi-')
            ? resource('AWS::SSM::ManagedInstance', arn(given, 'ssm', 'managed-instance/', id), {
                role: role(each.IamRole, given),
                ssmAgent,
              })
            : resource(instance, arn(given, 'ec2', 'instance/', id), { ssmAgent })) ?? []
        )
      }),
  },
  'ec2 describe-launch-templates': names(template, 'LaunchTemplates'),
  'ec2 describe-launch-template-versions': {
    of: 'ec2 describe-launch-templates',
    read: (given) => {
      const versions = entriesOf(given.answer, 'LaunchTemplateVersions')
      const main = versions.find((each) => each.DefaultVersion === true) ?? versions[0]
      const profile = within(main, 'LaunchTemplateData', 'IamInstanceProfile')
      const made = resource(template, main && arn(given, 'ec2', 'launch-template/', main.LaunchTemplateId), {
        instanceProfile: profileArn(profile, given) ?? null,
        launchedBy: [],
      })
      return made === undefined ? [] : [made]
    },
  },
  'autoscaling describe-auto-scaling-groups': {
    lists: ['AWS::AutoScaling::AutoScalingGroup'],
    read: (given) =>
      entriesOf(given.answer, 'AutoScalingGroups').flatMap((each) => {
        const used =
          entryOf(each.LaunchTemplate) ??
          entryOf(within(each, 'MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification'))
        const launcher = {
          type: 'AWS::AutoScaling::AutoScalingGroup',
          arn: each.AutoScalingGroupARN,
          version: text(used?.Version) ?? '$Default',
          ...(each.MaxSize === 0 ? { scalesOut: false } : {}),
        }
        const templateArn = used && arn(given, 'ec2', 'launch-template/', used.LaunchTemplateId)
        return [
          resource('AWS::AutoScaling::AutoScalingGroup', each.AutoScalingGroupARN, {
            minSize: each.MinSize,
            maxSize: each.MaxSize,
            desiredCapacity: each.DesiredCapacity,
            tags: tagsOf(each.Tags),
          }),
          resource(template, templateArn, { launchedBy: [launcher] }),
        ].flatMap((made) => made ?? [])
      }),
  },
  'ssm describe-maintenance-windows': {
    ...list('AWS::SSM::MaintenanceWindow', 'WindowIdentities', (each, given) =>
      resource('AWS::SSM::MaintenanceWindow', arn(given, 'ssm', 'maintenancewindow/', each.WindowId)),
    ),
    count: (answer) => itemsOf(answer, 'WindowIdentities').length,
  },
  'ssm describe-maintenance-window-tasks': {
    lists: ['AWS::SSM::MaintenanceWindowTask'],
    each: 'ssm describe-maintenance-windows',
    read: (given) =>
      entriesOf(given.answer, 'Tasks').flatMap(
        (each) =>
          resource('AWS::SSM::MaintenanceWindowTask', arn(given, 'ssm', 'windowtask/', each.WindowTaskId), {
            role: role(each.ServiceRoleArn, given),
          }) ?? [],
      ),
  },
  'ssm list-associations': list('AWS::SSM::Association', 'Associations', (each, given) =>
    resource('AWS::SSM::Association', arn(given, 'ssm', 'association/', each.AssociationId)),
  ),
  'ssm describe-sessions': list('AWS::SSM::Session', 'Sessions', (each, given) =>
    resource('AWS::SSM::Session', arn(given, 'ssm', 'session/', each.SessionId)),
  ),
  'cloudformation describe-stacks': list('AWS::CloudFormation::Stack', 'Stacks', (each, given) =>
    resource('AWS::CloudFormation::Stack', each.StackId, {
      status: text(each.StackStatus),
      role: role(each.RoleARN, given),
      tags: tagsOf(each.Tags),
    }),
  ),
  'cloudformation list-stack-sets': names(stackSet, 'Summaries'),
  'cloudformation describe-stack-set': one('cloudformation list-stack-sets', 'StackSet', (each) =>
    resource(stackSet, each.StackSetARN, {
      permissionModel: text(each.PermissionModel),
      administrationRole: text(each.AdministrationRoleARN),
      executionRole: text(each.ExecutionRoleName),
      name: text(each.StackSetName),
      tags: tagsOf(each.Tags),
    }),
  ),
}

/** The ARN of a function that a request names. */
function functionArn(value: unknown, given: InventoryAnswer): string | undefined {
  const name = text(value)
  if (name === undefined) return undefined
  return name.startsWith('arn:') ? name : arn(given, 'lambda', 'function:', name)
}

/** The service that a function's resource policy lets invoke it: something other than a person calls it. */
function invokingService(policy: string | undefined): string | undefined {
  try {
    const { Statement } = entryOf(JSON.parse(policy ?? '{}')) ?? {}
    for (const each of Array.isArray(Statement) ? Statement : [Statement]) {
      const service = within(entryOf(each), 'Principal', 'Service')
      if (entryOf(each)?.Effect === 'Allow' && typeof service === 'string') return service
    }
  } catch {
    return undefined
  }
  return undefined
}
