import { texts } from './language.ts'

export const rolesText = texts({
  en: {
    title: 'Roles',
    description: 'A role is a mask. Whoever wears it acts with its permissions and sets their own aside.',
    create: 'Create role',
    name: 'Role name',
    trusted: 'Trusted entities',
    lastUsed: 'Last activity',
    path: 'Path',
    created: 'Created',
    find: 'Find roles',
    empty: 'No roles yet',
    emptyHint: 'A role is a mask: make one, and decide who may wear it.',
    none: 'None',
  },
  ja: {
    title: 'ロール',
    description: 'ロールはお面です。かぶった人は、お面の許可で動きます。そのあいだ、自分の許可は使えません。',
    create: 'ロールを作成',
    name: 'ロール名',
    trusted: '信頼されたエンティティ',
    lastUsed: '最後のアクティビティ',
    path: 'パス',
    created: '作成日時',
    find: 'ロールを検索',
    empty: 'ロールはまだありません',
    emptyHint: 'ロールはお面です。作って、だれがかぶれるかを決めましょう。',
    none: 'なし',
  },
})
