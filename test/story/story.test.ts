import { suite, test } from 'node:test'
import { awsStage, chapters, type Stage } from '../../packages/server/src/cli/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { needs, toolPath } from '../support/index.ts'

// Every chapter asserts its own answers, denial texts and events; a fact that does not hold throws.
suite('the story of roles, told with the AWS CLI', needs('awsCli'), async () => {
  let omen: RunningOmen | undefined
  let stage: Stage | undefined
  const cast = {}
  for (const [index, chapter] of chapters.entries()) {
    test(`${index + 1}. ${chapter.title}`, async (t) => {
      if (omen === undefined || stage === undefined) {
        omen = await createOmen()
        stage = stageOf(omen, (fact) => t.diagnostic(fact))
      }
      await chapter.play(stage, cast)
      if (chapter === chapters.at(-1)) await omen.close()
    })
  }
})

function stageOf(omen: RunningOmen, fact: (fact: string) => void): Stage {
  const { accessKeyId, secretAccessKey } = omen.keys.admin
  const silent = () => {}
  return awsStage({
    awsCli: toolPath('awsCli'),
    endpoint: omen.endpoint,
    account: omen.account,
    adminKeys: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey },
    metadataOf: (instanceId) => omen.metadataOf(instanceId),
    shown: { call: silent, answer: silent, refusal: silent, fact },
  })
}
