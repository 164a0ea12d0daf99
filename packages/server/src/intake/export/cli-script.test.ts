import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAccountId } from '../../base/index.ts'
import { emptyAccount } from '../../image/index.ts'
import { cliScript } from './cli-script.ts'

/** The line of a script that sets the password policy. */
function line(policy: object): string | undefined {
  const at = { file: 'a', line: 1, column: 1 }
  const base = { minimumLength: 8, symbols: false, numbers: false, uppercase: false, lowercase: false }
  const passwordPolicy = { at, ...base, usersMayChange: false, ...policy }
  const account = { ...emptyAccount(parseAccountId('111122223333')!, 'aws', at), passwordPolicy }
  return cliScript(account, (text) => text, [])
    .split('\n')
    .find((each) => each.includes('password-policy'))
    ?.replace('aws iam update-account-password-policy --minimum-password-length ', '')
}

test('a script sets the password policy by the flags of the AWS CLI', () => {
  const off = [
    'require-symbols',
    'require-numbers',
    'require-uppercase-characters',
    'require-lowercase-characters',
    'allow-users-to-change-password',
  ]
  const flags = (on?: string) => off.map((name) => (name === on ? `--${name}` : `--no-${name}`)).join(' ')
  assert.equal(line({}), `8 ${flags()}`)
  for (const [index, member] of ['symbols', 'numbers', 'uppercase', 'lowercase', 'usersMayChange'].entries())
    assert.equal(line({ [member]: true }), `8 ${flags(off[index])}`)
  assert.equal(
    line({ minimumLength: 14, maximumAge: 90, reusePrevention: 5, hardExpiry: true }),
    `14 ${flags()} --max-password-age 90 --password-reuse-prevention 5 --hard-expiry`,
  )
})
