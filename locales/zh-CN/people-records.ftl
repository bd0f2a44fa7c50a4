# What the journal and the list of jobs call these: events, jobs and listeners by their keys, with - for . and _.
people-delivery-received = 收到一批数据
people-delivery-apply-asked = 要求把一批数据入库
people-delivery-published = 一批数据已入库
people-delivery-resumed = 接着做中断的一批
people-delivery-check-asked = 要求重新核对一批数据
people-delivery-dropped = 放弃一批数据
people-retirements-confirmed = 确认清单中已消失的行
people-retirements-declined = 保留清单中已消失的行
people-persons-renewed = 人员主档已更新
people-searched = 查询人员
people-set-aside-downloaded = 下载剔除的行
people-check-delivery = 检查一批数据
people-apply-delivery = 把一批数据入库
people-take-up-deliveries = 接着做中断的报送
people-renew-persons = 更新人员主档
