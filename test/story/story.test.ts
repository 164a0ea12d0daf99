// Begins first: the AWS CLI is called hundreds of times.

import { after, describe, test } from 'node:test'
import { awsStage, chapters, type Stage } from '../../packages/server/src/cli/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { needs, toolPath } from '../support/index.ts'

// Every chapter asserts its own answers, denial texts and events; a fact that does not hold throws.
describe('the story of roles, played with the AWS CLI', needs('awsCli'), async () => {
  let omen: RunningOmen | undefined
  let stage: Stage | undefined
  const cast = {}
  after(() => omen?.close())
  for (const [index, chapter] of chapters.entries()) {
    test(`${index + 1}. ${chapter.title}`, async (t) => {
      omen ??= await createOmen()
      stage ??= stageOf(omen)
      await chapter.play(stage, cast)
      t.diagnostic(chapter.tale)
    })
  }
})

function stageOf(omen: RunningOmen): Stage {
  const { accessKeyId, secretAccessKey } = omen.keys.admin
  const silent = () => {}
  return awsStage({
    awsCli: toolPath('awsCli'),
    endpoint: omen.endpoint,
    account: omen.account,
    adminKeys: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey },
    metadataOf: (instanceId) => omen.metadataOf(instanceId),
    shown: { call: silent, answer: silent, refusal: silent, fact: silent },
  })
}
