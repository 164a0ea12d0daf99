import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromTokenFile } from '@aws-sdk/credential-providers'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { awsCli, needs, python } from '../support/index.ts'
import { omen, start, temporaryHome } from './process.ts'
import { type ServerWithRoles, serverWithRoles } from './roles.ts'

const github = 'token.actions.githubusercontent.com'

/** `omen oidc serve` on a free port, and where it serves. */
async function served(t: TestContext, home: string): Promise<string> {
  const child = start(['oidc', 'serve', '--port', '0', '--home', home])
  t.after(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (text) => resolve(/http:\S+/.exec(String(text))![0]))
    child.once('exit', (code) => reject(new Error(`omen oidc serve ended with ${code}`)))
  })
}

/** A token in a file of its own. */
async function tokenFile(home: string, name: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await omen(['oidc', 'token', '--home', home, ...args])
  assert.equal(status, 0, stderr)
  const file = join(home, name)
  writeFileSync(file, stdout)
  return file
}

/** The role that a deployment's workflow puts on, as GitHub's own guide writes its trust policy. */
async function workflowRole(server: ServerWithRoles): Promise<string> {
  return server.role(
    'workflow',
    { Federated: `arn:aws:iam::${server.account}:oidc-provider/${github}` },
    {
      actions: ['sts:AssumeRoleWithWebIdentity'],
      condition: {
        StringEquals: { [`${github}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${github}:sub`]: 'repo:octo-org/octo-repo:ref:refs/heads/main' },
      },
    },
  )
}

describe('omen oidc', { concurrency: 2 }, () => {
  test(
    "a workflow's trust policy takes the right token and no other (SHL-20, SHL-23)",
    needs('awsCli', 'boto3'),
    async (t) => {
      const server = await serverWithRoles(t)
      const { home } = server
      await served(t, home)
      assert.equal(statSync(join(home, 'issuer.json')).mode & 0o777, 0o600)
      const unknown = await tokenFile(home, 'early', '--like', 'github')
      const registered = await omen(['oidc', 'register', '--like', 'github', '--home', home])
      assert.equal(
        registered.stdout,
        `arn:aws:iam::${server.account}:oidc-provider/${github}\n`,
        registered.stderr,
      )
      const roleArn = await workflowRole(server)
      const again = await omen(['oidc', 'register', '--like', 'github', '--home', home])
      assert.equal(again.status, 0, again.stderr)
      // the AWS CLI keeps what it wore, by role and session name
      const wear = (file: string) => {
        const token = { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_SESSION_NAME: basename(file) }
        const environment = { HOME: home, AWS_ROLE_ARN: roleArn, ...token }
        return awsCli({ endpoint: server.url, environment }, 'sts', 'get-caller-identity')
      }
      const right = await tokenFile(home, 'right', '--like', 'github')
      const outcome = await wear(right)
      assert.equal(outcome.status, 0, outcome.stderr)
      const arn = `arn:aws:sts::${server.account}:assumed-role/workflow/right`
      assert.equal(JSON.parse(outcome.stdout).Arn, arn)
      assert.equal((await wear(unknown)).status, 0) // the key was the same before it was registered
      const branch = await tokenFile(
        home,
        'branch',
        '--like',
        'github',
        '--sub',
        'repo:octo-org/octo-repo:ref:refs/heads/evil',
      )
      const refused = await wear(branch)
      assert.match(refused.stderr, /AccessDenied.*Not authorized to perform sts:AssumeRoleWithWebIdentity/)
      const audience = await wear(await tokenFile(home, 'audience', '--like', 'github', '--aud', 'elsewhere'))
      assert.match(audience.stderr, /InvalidIdentityToken.*Incorrect token audience/)
      const old = await wear(await tokenFile(home, 'old', '--like', 'github', '--claim', 'exp:=1500000000'))
      assert.match(old.stderr, /ExpiredToken/)
      const token = readFileSync(right, 'utf8')
      writeFileSync(join(home, 'forged'), `${token.slice(0, -8)}AAAAAAAA`)
      assert.match((await wear(join(home, 'forged'))).stderr, /InvalidIdentityToken/)
      const sdk = new STSClient({
        endpoint: server.url,
        region: 'us-east-1',
        credentials: fromTokenFile({
          roleArn,
          webIdentityTokenFile: right,
          roleSessionName: 'right',
          clientConfig: { endpoint: server.url, region: 'us-east-1' },
        }),
      })
      assert.equal((await sdk.send(new GetCallerIdentityCommand({}))).Arn, arn)
      sdk.destroy()
      const environment = {
        AWS_ROLE_ARN: roleArn,
        AWS_WEB_IDENTITY_TOKEN_FILE: right,
        AWS_ROLE_SESSION_NAME: 'right',
      }
      const program = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'
      const snake = await python({ endpoint: server.url, environment }, program)
      assert.equal(snake.stdout.trim(), arn, snake.stderr)
      assert.equal((await omen(['oidc', 'unregister', '--like', 'github', '--home', home])).status, 0)
      const late = await tokenFile(home, 'late', '--like', 'github')
      assert.match((await wear(late)).stderr, /InvalidIdentityToken.*No OpenIDConnect provider found/)
    },
  )

  test("a pod's token, and who really acts by it", async (t) => {
    const server = await serverWithRoles(t)
    const { home } = server
    await served(t, home)
    const issuer = 'oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'
    const provider = `arn:aws:iam::${server.account}:oidc-provider/${issuer}`
    await omen(['oidc', 'register', '--like', 'kubernetes', '--home', home])
    const roleArn = await server.role(
      'pod',
      { Federated: provider },
      {
        actions: ['sts:AssumeRoleWithWebIdentity'],
        condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:shop:cart' } },
      },
    )
    const like = ['--like', 'kubernetes', '--sub', 'system:serviceaccount:shop:cart']
    const webIdentityTokenFile = await tokenFile(home, 'token', ...like)
    const clientConfig = { endpoint: server.url, region: 'us-east-1' }
    const credentials = await fromTokenFile({ roleArn, webIdentityTokenFile, clientConfig })()
    const told = await omen(['whoami', '--home', home], {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken!,
    })
    assert.match(told.stdout, new RegExp(`identity provider +${provider}\n`), told.stderr)
    assert.match(told.stdout, /original caller +.*system:serviceaccount:shop:cart\n/)
  })

  test('tokens have the claims of the real ones, and the published key verifies them (SHL-20 to SHL-22)', async (t) => {
    const home = temporaryHome(t)
    const url = await served(t, home)
    const tokenOf = async (...args: readonly string[]) =>
      (await omen(['oidc', 'token', '--home', home, ...args])).stdout
    const pull = await tokenOf(
      '--like',
      'github',
      '--sub',
      'repo:a/b:pull_request',
      '--claim',
      'actor=eve',
      '--claim',
      'n:=[1]',
    )
    const keys = createRemoteJWKSet(new URL(`${url}/${github}/.well-known/jwks`))
    const { payload } = await jwtVerify(pull, keys, {
      issuer: `https://${github}`,
      audience: 'sts.amazonaws.com',
    })
    assert.deepEqual(
      { ...payload, iat: 0, nbf: 0, exp: payload.exp! - payload.iat!, jti: '', sha: '', run_id: '' },
      {
        ...{ jti: '', sub: 'repo:a/b:pull_request', aud: 'sts.amazonaws.com', iss: `https://${github}` },
        ...{ iat: 0, nbf: 0, exp: 300, sha: '', run_id: '' },
        ...{
          ref: 'refs/pull/1/merge',
          ref_type: 'branch',
          ref_protected: 'false',
          event_name: 'pull_request',
        },
        ...{ repository: 'a/b', repository_owner: 'a', repository_visibility: 'private', actor: 'eve' },
        ...{ actor_id: payload.actor_id, repository_id: payload.repository_id },
        ...{ repository_owner_id: payload.repository_owner_id, run_number: '1', run_attempt: '1' },
        ...{ runner_environment: 'github-hosted', workflow: 'ci', head_ref: 'change', base_ref: 'main' },
        ...{
          workflow_ref: 'a/b/.github/workflows/ci.yml@refs/pull/1/merge',
          workflow_sha: payload.workflow_sha,
        },
        ...{ job_workflow_ref: 'a/b/.github/workflows/ci.yml@refs/pull/1/merge' },
        ...{ job_workflow_sha: payload.job_workflow_sha, n: [1] },
      },
    )
    const pod = decodeJwt(await tokenOf('--like', 'kubernetes'))
    assert.deepEqual(pod.aud, ['sts.amazonaws.com'])
    assert.match(
      JSON.stringify(pod['kubernetes.io']),
      /"namespace":"default".*"serviceaccount":\{"name":"default"/,
    )
    const plain = decodeJwt(
      await tokenOf('--issuer', 'https://id.example.org/realm', '--sub', 'aki', '--lifetime', '10m'),
    )
    assert.equal(plain.iss, 'https://id.example.org/realm')
    assert.equal(plain.exp! - plain.iat!, 600)
    const document = await fetch(`${url}/id.example.org/realm/.well-known/openid-configuration`)
    assert.equal(((await document.json()) as { issuer: string }).issuer, 'https://id.example.org/realm')
    assert.equal((await fetch(`${url}/`)).status, 404)
    const status = async (...args: readonly string[]) =>
      (await omen(['oidc', ...args, '--home', home])).status
    assert.equal(await status('token', '--like', 'github', '--sub', 'me'), 252)
    assert.equal(await status('token', '--like', 'gitlab'), 252)
    assert.equal(await status('token', '--issuer', 'http://a'), 252)
    assert.equal(await status('token', '--claim', 'a:={'), 252)
    assert.equal(await status('register'), 255)
    assert.equal(await status('serve', '--port', new URL(url).port), 255)
  })
})
