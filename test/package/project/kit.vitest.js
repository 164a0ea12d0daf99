import { createOmen, matchers } from 'omen-iam/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

expect.extend(matchers)

let omen
beforeAll(async () => {
  omen = await createOmen({ seed: 'seed.yaml' })
})
afterAll(() => omen.close())

test('matchers', async () => {
  await expect(omen.as('user/dev')).toBeAllowedTo('s3:GetObject', 'arn:aws:s3:::dev-a/x')
  await expect(omen.as('user/dev')).not.toBeAllowedTo('iam:CreateUser')
})
