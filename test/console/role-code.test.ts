import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { allow, policyText } from '../kit/index.ts'

/** A module of the console that needs no browser. */
const load = (name: string) =>
  import(new URL(`../../packages/console/src/client/${name}.ts`, import.meta.url).href)
const { asCli, asCloudFormation, asTerraform, quoted } = await load('role-code')

const hostile = `it's "$(touch x)" \`y\` \\ \${aws:username} %{if} 面\n; rm`
const document = policyText(allow('s3:*', `arn:aws:s3:::home/\${aws:username}/*`))
const whole = {
  role: {
    name: 'deployer',
    path: '/',
    arn: 'arn:aws:iam::123456789012:role/deployer',
    id: 'AROAEXAMPLE',
    description: hostile,
    created: '2026-01-01T00:00:00Z',
    trust: document,
    maxSessionSeconds: 3_600,
    tags: [{ key: hostile, value: hostile }],
  },
  policies: [
    { kind: 'inline', name: 'app', document },
    { kind: 'managed', name: 'base', arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', document },
  ],
}

describe('a role as code', () => {
  test('the shell reads what was quoted as one word, whatever is in it', () => {
    for (const value of [hostile, '', "'", 'a b', '*', '-n', '$HOME', '面'])
      assert.equal(execFileSync('sh', ['-c', `printf '%s' ${quoted(value)}`], { encoding: 'utf8' }), value)
  })

  test('the commands of the AWS CLI hold each text unchanged', () => {
    const script = asCli(whole).replaceAll('aws iam ', 'list ')
    const program = `list() { for each in "$@"; do printf '%s\\0' "$each"; done; }\n${script}`
    const words = execFileSync('sh', ['-c', program], { encoding: 'utf8' }).split('\0')
    assert.equal(words[words.indexOf('--description') + 1], hostile)
    assert.deepEqual(JSON.parse(words[words.indexOf('--tags') + 1] ?? ''), [{ Key: hostile, Value: hostile }])
    assert.equal(words[words.indexOf('--policy-document') + 1], document)
    assert.ok(words.includes('attach-role-policy'))
  })

  test('CloudFormation keeps the documents, and Terraform takes no text for a template', () => {
    const { Properties } = JSON.parse(asCloudFormation(whole)).Resources.Role
    assert.deepEqual(Properties.Policies[0].PolicyDocument, JSON.parse(document))
    assert.deepEqual(Properties.ManagedPolicyArns, ['arn:aws:iam::aws:policy/ReadOnlyAccess'])
    const terraform = asTerraform(whole)
    assert.match(terraform, /home\/\$\$\{aws:username\}/)
    assert.doesNotMatch(terraform, /(?<!\$)\$\{|(?<!%)%\{/)
  })
})
