import { describe, test } from 'node:test'
import { assertAllowed, assertDenied, createOmen } from 'omen-iam/testing'

describe('the kit with node:test', () => {
  test('assertions', async () => {
    const omen = await createOmen({ seed: 'seed.yaml' })
    await assertAllowed(omen.as('user/dev'), 's3:GetObject', 'arn:aws:s3:::dev-a/x')
    await assertDenied(omen.as('user/dev'), 'iam:CreateUser')
    await omen.close()
  })
})
