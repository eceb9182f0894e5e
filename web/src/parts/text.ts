import { texts } from '../frame/language.tsx'

export const text = texts({
  en: {
    loading: 'Loading …',
    retry: 'Try again',
    close: 'Close',
    more: 'Show more',
    unreachable: 'The server does not answer. It may be starting again; this page goes on by itself.',
    expired: 'You have been logged out. Log in again; nothing was lost.',
    forbidden: 'Your account may not do this. Ask an administrator for the role.',
    tooOften: 'Too many requests at once. Wait a moment and try again.',
    overloaded: 'The shop is very busy. Nothing was done; try again in a moment.',
    unavailable: 'The shop takes no orders or money right now. Nothing was done; try again later.',
    damaged: 'What is stored of this was altered on disk. Run `recoup check` on the data directory.',
    ago: (time: string) => `${time} ago`,
  },
  ko: {
    loading: '불러오는 중 …',
    retry: '다시 시도',
    close: '닫기',
    more: '더 보기',
    unreachable: '서버가 응답하지 않습니다. 다시 시작하는 중일 수 있으며, 이 화면은 저절로 이어집니다.',
    expired: '로그아웃되었습니다. 다시 로그인하세요. 잃어버린 것은 없습니다.',
    forbidden: '이 계정에는 권한이 없습니다. 관리자에게 역할을 요청하세요.',
    tooOften: '요청이 너무 많습니다. 잠시 후 다시 시도하세요.',
    overloaded: '지금 매우 붐빕니다. 처리된 것은 없으니 잠시 후 다시 시도하세요.',
    unavailable: '지금은 주문과 결제를 받지 않습니다. 처리된 것은 없으니 나중에 다시 시도하세요.',
    damaged: '저장된 내용이 디스크에서 변경되었습니다. 데이터 디렉터리에 `recoup check`를 실행하세요.',
    ago: (time: string) => `${time} 전`,
  },
})
