# 个案与转介。数字变量写 (number)。

cases-title = 个案
# $count (number)
cases-sub = 共 { $count } 件
cases-mine = 本岗位持有
cases-area = 本区域
case-title = { $stage } { $number }
case-holder = 牵头 { $holder }
case-file = 档案
case-ended = 已结案：{ $outcome }
sex-female = 女
sex-male = 男
age = { $years } 岁
sample-note = 评估表、各步时限
known-check = 入户核查 { $number }，{ $day }
known-danger = 紧急危险上报 { $number }，{ $day }
known-age = 个人档案，{ $years } 岁
known-file = 个人档案
known-adults = 同住成年人：{ $names }
# $count (number)
known-cases = 此前个案 { $count } 件
referrals-title = 转介
# $count (number)
referrals-sub = 共 { $count } 件
referral-title = 转介 { $number }
referral-asked = 请贵单位办理
referral-duty = 职责：{ $duty }
referral-child = 告诉贵单位的儿童信息
referral-masked = 按岗位遮蔽
