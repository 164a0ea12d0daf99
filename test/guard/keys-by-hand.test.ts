import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { form, json, requestsOf, type Sent } from './asked.ts'
import { build, rest } from './calls.ts'

const commit = (name: string, input: object) =>
  json('codecommit', `CodeCommit_20150413.${name}`, { repositoryName: 'r', ...input })
const connect = (input: object) =>
  json('ec2-instance-connect', 'AWSEC2InstanceConnectService.SendSSHPublicKey', {
    InstanceId: 'i-0123456789abcdef0',
    SSHPublicKey: 'ssh-rsa AAAA',
    ...input,
  })

/** The condition keys of one service in a call. */
function told(sent: Sent, prefix: string): Readonly<Record<string, unknown>> {
  const [request] = requestsOf(sent)
  return Object.fromEntries(
    Object.entries(request?.context ?? {}).filter(([key]) => key.startsWith(`${prefix}:`)),
  )
}

describe('keys whose members have other names (behaviour GRD-13)', () => {
  test('as whom one logs in to an instance', () => {
    assert.deepEqual(told(connect({ InstanceOSUser: 'root' }), 'ec2'), { 'ec2:osuser': 'root' })
  })

  test('which branch of CodeCommit is changed', () => {
    for (const name of ['CreateBranch', 'CreateCommit', 'DeleteBranch', 'DeleteFile', 'PutFile'])
      assert.deepEqual(told(commit(name, { branchName: 'main' }), 'codecommit'), {
        'codecommit:References': 'refs/heads/main',
      })
    const merge = { sourceCommitSpecifier: 'mine', destinationCommitSpecifier: 'main' }
    for (const name of ['MergeBranchesByFastForward', 'MergeBranchesBySquash', 'MergeBranchesByThreeWay']) {
      const both = told(commit(name, { ...merge, targetBranch: 'a/b' }), 'codecommit')[
        'codecommit:References'
      ]
      assert.deepEqual(both, ['refs/heads/a/b', 'refs/heads/main'], name)
      const alone = told(commit(name, merge), 'codecommit')['codecommit:References']
      assert.deepEqual([alone].flat(), ['refs/heads/main'], name)
      const full = { ...merge, destinationCommitSpecifier: 'refs/heads/main' }
      const same = told(commit(name, full), 'codecommit')['codecommit:References']
      assert.deepEqual([same].flat(), ['refs/heads/main'], name)
    }
  })

  test('what a batch of builds takes in place of its project’s', () => {
    const input = { projectName: 'p', privilegedModeOverride: true, sourceAuthOverride: { type: 'OAUTH' } }
    for (const name of ['StartBuild', 'StartBuildBatch'])
      assert.deepEqual(told(build(name, input), 'codebuild'), {
        'codebuild:environment.privilegedMode': 'true',
        'codebuild:source.auth.type': 'OAUTH',
      })
  })

  test('how a cluster of Amazon EKS is to be, also where the call does not say it', () => {
    const made = { name: 'c', roleArn: 'arn:aws:iam::111122223333:role/r', resourcesVpcConfig: {} }
    assert.deepEqual(told(rest('eks', 'POST /clusters', made), 'eks'), {
      'eks:endpointPublicAccess': 'true',
      'eks:endpointPrivateAccess': 'false',
      'eks:authenticationMode': 'CONFIG_MAP',
      'eks:bootstrapClusterCreatorAdminPermissions': 'true',
      'eks:supportType': 'EXTENDED',
    })
    const change = { resourcesVpcConfig: { endpointPublicAccess: false } }
    assert.deepEqual(told(rest('eks', 'POST /clusters/c/update-config', change), 'eks'), {
      'eks:endpointPublicAccess': 'false',
    })
    const scope = { policyArn: 'arn', accessScope: { type: 'namespace', namespaces: ['a', 'b'] } }
    const path =
      'POST /clusters/c/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fu/access-policies'
    assert.partialDeepStrictEqual(told(rest('eks', path, scope), 'eks'), {
      'eks:accessScope': 'namespace',
      'eks:namespaces': ['a', 'b'],
    })
  })

  test('others', () => {
    const listener = {
      Action: 'CreateLoadBalancerListeners',
      Version: '2012-06-01',
      LoadBalancerName: 'b',
      'Listeners.member.1.Protocol': 'HTTP',
    }
    assert.deepEqual(
      told(form('elasticloadbalancing', listener), 'elasticloadbalancing')[
        'elasticloadbalancing:ListenerProtocol'
      ],
      ['HTTP'],
    )
    const region = rest('account', 'POST /enableRegion', { RegionName: 'af-south-1' })
    assert.deepEqual(told(region, 'account'), { 'account:TargetRegion': 'af-south-1' })
  })
})
