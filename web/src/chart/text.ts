import { texts } from '../frame/language.tsx'

export const text = texts({
  en: {
    chart: (machine: string, version: string) => `Statechart of the machine ${machine}, version ${version}`,
    undo: 'undo',
    undoLane: 'undone from the bottom up',
    now: 'now here',
    visits: (count: number) => (count === 1 ? 'visited once' : `visited ${count} times`),
    larger: 'Larger',
    smaller: 'Smaller',
    fit: 'Fit',
    choose: 'Choose a state to read what it waits for and what can happen in it.',
    stays: 'stays',
    after: (delay: string) => `after ${delay}`,
    always: 'by itself',
    when: (guard: string) => `when ${guard}`,
    path: 'The path taken, in words',
    nothing: 'Nothing has happened yet.',
    legend:
      'Filled: now here. Thick: the path taken. Dashed and ↶: undoing. Double border: an end. ↻: stayed, as when asked again.',
  },
  ko: {
    chart: (machine: string, version: string) => `기계 ${machine}의 상태 차트, 버전 ${version}`,
    undo: '되돌림',
    undoLane: '아래에서 위로 되돌림',
    now: '지금 여기',
    visits: (count: number) => `${count}회 방문`,
    larger: '크게',
    smaller: '작게',
    fit: '맞춤',
    choose: '상태를 고르면 무엇을 기다리는지, 무슨 일이 일어날 수 있는지 보입니다.',
    stays: '머무름',
    after: (delay: string) => `${delay} 후`,
    always: '저절로',
    when: (guard: string) => `${guard}일 때`,
    path: '지나온 길(글)',
    nothing: '아직 아무 일도 없었습니다.',
    legend:
      '채움: 지금 여기. 굵은 선: 지나온 길. 점선과 ↶: 되돌림. 이중 테두리: 끝. ↻: 머무름(다시 보냄 등).',
  },
})
