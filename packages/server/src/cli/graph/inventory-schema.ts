import { closedMembers } from '../../graph/index.ts'

/** Text with a meaning. */
const text = (description: string) => ({ type: 'string', description })
/** One value or nothing: `false` and `null` say that there is none. */
const given = (description: string) => ({ type: ['string', 'boolean', 'null'], description })
const flag = (description: string) => ({ type: 'boolean', description })
const counts = (description: string) => ({
  type: 'object',
  additionalProperties: { type: 'integer', minimum: 0 },
  description,
})

/** The JSON Schema of an inventory. A resource may have further members: techniques ask for those that are here. */
export const inventorySchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:omen:inventory',
  title: 'An inventory of an account for Omen',
  type: 'object',
  properties: {
    resources: {
      type: 'array',
      description: 'Resources that wear roles, or that paths depend on. What is not in it does not exist.',
      items: {
        type: 'object',
        required: ['type', 'arn'],
        properties: {
          type: text('The type in CloudFormation: AWS::Lambda::Function.'),
          arn: text('The ARN.'),
          role: text('The ARN of the role that it wears.'),
          roleUnknown: flag('That it wears a role which is not known.'),
          otherRoles: { type: 'object', additionalProperties: { type: 'string' } },
          tags: {
            type: ['object', 'array'],
            description: 'Tags as an object, or as a list of Key and Value. If absent, they are unknown.',
          },
          policy: {
            type: ['object', 'string', 'null'],
            description:
              'The policy of the resource itself: a document, its text, or null. If absent, it has none.',
          },
          kmsKey: given(
            'The ARN of the customer’s key of AWS KMS under which it is. If absent, it is not known.',
          ),
          invokedBy: given(
            'What invokes a function, a job or a state machine without a call of the attacker.',
          ),
          url: given('The URL of a function.'),
          codeSigningConfig: given('The code signing configuration of a function. If absent, it has none.'),
          allowUnauthenticatedIdentities: flag('Whether an identity pool lets in guests.'),
          allowClassicFlow: flag('Whether an identity pool has the basic flow.'),
          instanceProfile: { type: ['string', 'null'], description: 'The ARN of the instance profile.' },
          state: text('The state of an instance: running, stopped. If absent, it is running.'),
          status: text('The status of a stack, notebook instance or development endpoint.'),
          ssmAgent: { enum: closedMembers.ssmAgent },
          sshReachable: flag('Whether port 22 can be reached.'),
          launchedBy: {
            type: 'array',
            description: 'What launches instances from a launch template.',
            items: {
              type: 'object',
              properties: {
                type: { type: 'string' },
                arn: text('The ARN of the Auto Scaling group.'),
                version: text('$Default, $Latest or a number.'),
                scalesOut: flag('Whether it launches without a call of the attacker.'),
              },
            },
          },
          minSize: { type: 'integer', description: 'Of an Auto Scaling group, as are the next two.' },
          maxSize: { type: 'integer' },
          desiredCapacity: { type: 'integer' },
          batch: flag('Whether a CodeBuild project has a batch configuration.'),
          containerInstances: { type: 'integer', description: 'Of an ECS cluster.' },
          enableExecuteCommand: flag('Of an ECS task.'),
          group: text('Of an ECS task: service:NAME of the service that started it.'),
          service: text('Of an ECS task: the ARN of the service that started it.'),
          taskDefinition: text(
            'Of an ECS service: the ARN of its task definition, whose role its tasks wear.',
          ),
          getsRecords: flag('Of a stream or queue.'),
          inboundAuth: text('IAM or JWT, of an agent runtime. If absent, it is IAM.'),
          instances: {
            type: 'array',
            description: 'The stack instances of a stack set, each with its account and its region.',
            items: {
              type: 'object',
              properties: { account: { type: 'string' }, region: { type: 'string' } },
            },
          },
          permissionModel: {
            enum: closedMembers.permissionModel,
            description: 'Of a stack set. If absent, it is SELF_MANAGED.',
          },
          administrationRole: text(
            'The ARN of the role with which a stack set makes its stacks. If absent, it is AWSCloudFormationStackSetAdministrationRole.',
          ),
          executionRole: text(
            'The name of the role that the administration role assumes in the account of a stack.',
          ),
          tools: {
            type: 'array',
            items: { type: 'string' },
            description: 'The ARNs of the functions that an agent alias calls.',
          },
        },
      },
    },
    listed: {
      type: 'array',
      items: { type: 'string' },
      description: 'The types of which resources is complete. If absent, it is complete for all types.',
    },
    accessKeys: counts('The number of access keys of each user. Who is not in it has none.'),
    loginProfiles: {
      type: 'array',
      items: { type: 'string' },
      description: 'The users that have a password.',
    },
    mfaDevices: counts('The number of MFA devices of each user.'),
    identityProviders: {
      type: 'array',
      items: {
        type: ['string', 'object'],
        required: ['arn'],
        properties: {
          arn: text('The ARN.'),
          clientIds: { type: 'array', items: { type: 'string' }, description: 'Of an OIDC provider.' },
        },
      },
      description: 'The identity providers of IAM: ARNs, or objects.',
    },
    managesIdentityCenter: flag('Whether the account manages an instance of IAM Identity Center.'),
    lent: {
      type: 'array',
      description: 'Who gets roles without being a principal of IAM.',
      items: {
        type: 'object',
        required: ['to'],
        properties: {
          to: text(
            'center/USER, center/group/NAME, pod/CLUSTER/NAMESPACE/ACCOUNT, pool/ID, guest/ID or certificate/PROFILE.',
          ),
          roles: { type: 'array', items: { type: 'string' }, description: 'The ARNs of the roles.' },
          groups: {
            type: 'array',
            items: { type: 'string' },
            description: 'Names of groups of IAM Identity Center, of which a user has the roles too.',
          },
          tags: { type: 'object', description: 'The tags of the sessions.' },
          source: text('aws:SourceArn of the service that assumes the role: a cluster, a trust anchor.'),
          limit: text('What limits the sessions, in words. What they may do is then undecided.'),
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
}
