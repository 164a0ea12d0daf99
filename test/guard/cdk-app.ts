import { account } from './house.ts'

const role = (name: string) =>
  `arn:\${AWS::Partition}:iam::${account}:role/cdk-hnb659fds-${name}-role-${account}-us-east-1`
const bucket = `cdk-hnb659fds-assets-${account}-us-east-1`
const version = '/cdk-bootstrap/hnb659fds/version'

/** A role that may send to a queue, as aws-cdk-lib writes a grant. */
const template = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Worker: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'worker',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Principal: {
                AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] },
              },
            },
          ],
        },
      },
    },
    WorkerDefaultPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'WorkerDefaultPolicy',
        Roles: [{ Ref: 'Worker' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          ],
        },
      },
    },
  },
}

/** The manifest of a cloud assembly of one stack, as `cdk synth` writes it. */
const manifest = {
  version: '36.0.0',
  artifacts: {
    'Jobs.assets': {
      type: 'cdk:asset-manifest',
      properties: {
        file: 'Jobs.assets.json',
        requiresBootstrapStackVersion: 6,
        bootstrapStackVersionSsmParameter: version,
      },
    },
    Jobs: {
      type: 'aws:cloudformation:stack',
      environment: `aws://${account}/us-east-1`,
      properties: {
        templateFile: 'Jobs.template.json',
        validateOnSynth: false,
        assumeRoleArn: role('deploy'),
        cloudFormationExecutionRoleArn: role('cfn-exec'),
        stackTemplateAssetObjectUrl: `s3://${bucket}/template.json`,
        requiresBootstrapStackVersion: 6,
        bootstrapStackVersionSsmParameter: version,
        additionalDependencies: ['Jobs.assets'],
        lookupRole: {
          arn: role('lookup'),
          requiresBootstrapStackVersion: 8,
          bootstrapStackVersionSsmParameter: version,
        },
      },
      dependencies: ['Jobs.assets'],
      displayName: 'Jobs',
    },
  },
}

const assets = {
  version: '36.0.0',
  files: {
    template: {
      source: { path: 'Jobs.template.json', packaging: 'file' },
      destinations: {
        here: {
          bucketName: bucket,
          objectKey: 'template.json',
          region: 'us-east-1',
          assumeRoleArn: role('file-publishing'),
        },
      },
    },
  },
  dockerImages: {},
}

/** The files of a synthesised app of the AWS CDK, by name. */
export const assembly: Readonly<Record<string, string>> = {
  'manifest.json': JSON.stringify(manifest),
  'Jobs.assets.json': JSON.stringify(assets),
  'Jobs.template.json': JSON.stringify(template),
}
