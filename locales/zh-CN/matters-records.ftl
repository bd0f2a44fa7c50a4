# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
matters-opened = 事项开立
matters-acted = 事项办理一步
matters-assigned = 事项改由他人办理
matters-joined = 新情况并入在办事项
matters-late = 情况报告晚到
matters-regraded = 事项级别变更
matters-referred = 转介部门
matters-referral-moved = 转介有进展
matters-paused = 停表
matters-resumed = 恢复计时
matters-reminded = 到期提醒
matters-climbed = 超期升级
matters-still-late = 仍然超期
matters-attached = 添加照片或文书
matters-draft-saved = 保存草稿
matters-program-version-kept = 留存规则版本
matters-tick = 检查时限
