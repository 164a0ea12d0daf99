import type { Chapter } from './cast.ts'
import { at, textAt } from './stage.ts'

/** Chapter 8: what the trail shows. */
export const remembering: Chapter = {
  title: 'CloudTrail shows it all',
  tale: 'Every call is in the event history, the refused ones with their error. A session’s events name its mask, and the mask’s events name who asked for it.',
  async play(stage) {
    const lookUp = async (name: string) => {
      const answer = await stage.does(
        stage.admin,
        `cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=${name}`,
      )
      const events = at(answer, 'Events')
      return Array.isArray(events)
        ? events.map((event): unknown => JSON.parse(textAt(event, 'CloudTrailEvent')))
        : []
    }
    const assumed = await lookUp('AssumeRole')
    const by = (type: string) => assumed.filter((event) => at(event, 'userIdentity', 'type') === type)
    stage.check(
      'AssumeRole by a user',
      by('IAMUser').some((event) => textAt(event, 'userIdentity', 'userName') === 'dev'),
    )
    stage.check(
      'AssumeRole by an avatar, its mask as issuer',
      by('AssumedRole').some(
        (event) =>
          textAt(event, 'userIdentity', 'sessionContext', 'sessionIssuer', 'userName') === 'deployer',
      ),
    )
    stage.check(
      'AssumeRole by EC2 for its instance',
      by('AWSService').some(
        (event) =>
          textAt(event, 'sourceIPAddress') === 'ec2.amazonaws.com' &&
          textAt(event, 'requestParameters', 'roleSessionName').startsWith('i-'),
      ),
    )
    stage.check(
      'refused ones carry the error',
      by('IAMUser').some((event) => textAt(event, 'errorCode') === 'AccessDenied'),
    )
    const launches = await lookUp('RunInstances')
    stage.check(
      'the launch refused for PassRole is there',
      launches.some(
        (event) =>
          textAt(event, 'errorCode') === 'Client.UnauthorizedOperation' &&
          textAt(event, 'errorMessage').includes('iam:PassRole'),
      ),
    )
    const listed = await lookUp('ListUsers')
    stage.check(
      'what the instance did is recorded under the mask’s name',
      listed.some(
        (event) => textAt(event, 'userIdentity', 'sessionContext', 'sessionIssuer', 'userName') === 'web',
      ),
    )
    const passed = await lookUp('PassRole')
    stage.check('PassRole itself never has an event', passed.length === 0)
  },
}
