"""What people write when there is danger, and what only looks like it: one phrase a line."""

DANGER = """
闻到煤气味
楼道里有很浓的煤气味
厨房煤气味很大,受不了了
家里好像有燃气味道
燃气管在漏
燃气灶后面一直漏气
煤气罐漏气了快来
天然气泄漏
厨房有股天然气的味道
燃气报警器一直在响
闻到一股臭鸡蛋味
煤气中毒了,头很晕
一氧化碳报警
不知道哪里来的煤气味
没关好阀门,现在满屋煤气味
上次修好了,现在又有煤气味
上次修完还是有燃气味
煤气味还没散
有煤气味,没人管
電梯困人
我被困在電梯裡
孩子关在电梯里出不来
电梯坏了困了两个人
有人困在电梯里面了
电梯停了,里面有人出不来
电梯突然坠落
电梯门打不开,我们被困了
插座冒烟
插座在冒黑烟
配电箱打火,有焦味
配电箱冒火花
电线着火了
廚房著火了
楼下着火了,烟往上冒
隔壁失火
起火了!
窗帘烧起来了
电动车在楼道里自燃
充电器烧焦了,一股糊味
热水器冒烟
空调外机冒烟
垃圾桶着火,火势很大
有火苗从插座里出来
不小心着火了
不停地冒烟
忍不住了,一直冒烟没人来
没想到插座着火了
关不上,开关冒烟
消防演习时真的着火了
不是演习,着火了
昨天修的,今天又冒烟
没电了,电表箱冒烟
火警!三楼走廊浓烟
烟感报警,走廊全是浓烟
水管爆了
自来水管爆裂,水喷得到处都是
家里淹水了
水漫金山,客厅全是水淹了
暖气管爆了一直喷水
地下车库被水淹了
管道爆裂,止不住
楼上爆管漏到我家
有人触电了
洗澡的时候被电到了
瓷砖掉下来砸到人
天花板塌了
有人受伤流血
老人在大堂晕倒了
玻璃掉下去砸伤行人
救命
漏 水 管 爆 了
煤 气 味
煤氣味好重
瓦斯味很濃
瓦斯外洩有味道
電線走火冒煙
電箱冒煙
水管爆裂淹水
有人觸電
煤气漏了，不是开玩笑
没有人管,着火了
没有水，但是冒烟
着火了怎么办
打火机爆炸引起着火，快来
火没灭,还在冒烟
火还没扑灭
ＦＩＲＥ
FIRE
fire in the kitchen
there is a fire on the 3rd floor
the socket is on fire
the curtain caught fire
smoke is coming out of the fuse box
thick smoke in the stairwell
smoke from the ceiling light
the outlet is sparking
sparks from the switch
flames from the heater
burning smell from the socket
it smells like burning plastic
I smell gas
strong smell of gas in the hallway
gas\u00a0smell in the kitchen
there's a gas leak
the stove is leaking gas
the gas pipe is leaking
smells of gas again
it smells strongly of gas
carbon monoxide alarm
we are trapped in the lift
my son is stuck in the elevator
two people trapped in the elevator
I can't get out of the lift
someone is trapped inside the lift
the lift stopped with people inside
a pipe burst
the pipe has burst and water is everywhere
water is gushing from the wall
the basement is flooded
our flat is flooding
water pouring through the ceiling
he got an electric shock
a man was electrocuted
somebody is injured
she is bleeding
he is unconscious
explosion in the garage
not a drill, there is smoke
we had a drill yesterday but now there is a real fire
it was fixed last week but smokes again, smoke everywhere
no water, and the socket is on fire
I don't know where the smoke comes from
not sure why but smoke comes out of the wall
the fire is not out yet
can't stop the flooding
nobody came, gas leak
fire door is burning, flames
smoke and fire
help, fire
please come quickly, smoke in the flat
the ceiling collapsed on my wife
the boiler exploded
厨房一股煤气的味道
我家煤气在泄漏
燃气软管破了漏气
一进门就闻到燃气
楼下的瓦斯桶在漏
厨房有怪味像煤气
煤气阀关不上一直有味
老人被困在电梯轿厢里
电梯卡在两层中间,里面有人
電梯卡住了裡面有人
困在升降機
电梯掉下去了
电梯里困了个小孩
电梯停在半空人出不来
我在电梯里,门打不开
电梯关人了
被关在电梯里面
空开烧了还在冒烟
弱电井着火
插线板烧了起来
微波炉起火
厨房油锅着火
配电房有焦糊味
电表箱噼里啪啦冒火星
灯具短路冒烟
墙里有烧焦的味道
电线烧断了,有火星
电瓶车爆炸
屋里全是烟
楼道有浓烟
窗外有大火
邻居家好像着火了
烟雾很大看不清
楼上起火,请速来
水管突然爆裂
自来水总管爆了
水管崩了水到处喷
暖气片炸了水喷出来
家里发大水了
热水管爆开满地是水
消防喷淋爆了喷水
天花板大量喷水
电梯井进水了很多水
漏电电到小孩了
洗衣机漏电打人
孩子触电昏迷
有人从楼上掉下来
外墙砖掉下来砸到车和人
吊顶塌下来压到人
阳台栏杆断了有人摔下去
门口有人晕倒不省人事
地面塌陷有人掉进去
孩子被门夹住手了出不来
孩子反锁在屋里,锅还在火上
there is a strong gas odour in my kitchen
i can smell something like gas
gas is leaking from the hob
gas everywhere help
the lift fell two floors with us in it
elevator stopped between floors and we are inside
we're locked in the lift
people are stuck in lift no 3
fire!!!
my kitchen is burning
something is burning inside the wall
the wire is sparking and smoking
the washing machine caught fire
flames in the bin room
smoke coming from electrical panel
black smoke everywhere
the building is on fire
the fuse box exploded
there was a loud bang and now smoke
the main pipe burst, water is flooding the corridor
water is flooding into the lift shaft
water shooting out of the wall
ceiling is pouring water
a child was electrocuted by the railing
got an electric shock from the tap
the tap gives electric shocks
a worker fell from the scaffold and is bleeding
part of the facade fell on a person
my mother collapsed in the lobby
help someone is unconscious
smoke alarm is going off and I see smoke
the fire alarm is ringing, there is smoke
没有着火？不，着火了
不是演练 真的起火了
以为修好了,结果又漏煤气
之前闻到煤气味报过,现在更浓了
上周说处理了,煤气味还是很大
it is not fixed, gas still leaking
they said it was fixed but the gas smell is back
no drill, real fire
not just smoke, flames too
我家厨房灶台下面煤气阀漏气
卫生间热水器漏煤气
整栋楼都能闻到燃气
楼道煤气味刺鼻
家里瓦斯味好重快派人
小孩被困电梯十分钟了
电梯里有两个人出不来
电梯停运把人关里面了
電梯卡住，我媽困在裡面
配电柜起火冒浓烟
楼下店铺着火烟往楼上窜
车库里有电动车在烧
墙壁插座火花四溅
灯泡爆炸着火
电暖器把窗帘点着了
烟感响了楼道有烟味
家里着了火
厨房起了火
冒了好大的烟
烟囱管冒浓烟呛人
水管裂开，水狂喷
暖气漏水喷得满屋
地下室淹了半米深
水表爆了
太阳能管子爆了往下流水
洗澡电人，手发麻
路灯杆漏电电到狗了
门口井盖掉了有人掉下去
阳台玻璃炸了划伤人流血
天花板整块掉下来砸到老人
家里老人摔倒起不来
单元门夹到小孩手出血了
有人要跳楼
请马上派人，有煤气味，没有开玩笑
没有水管工吗，水管爆了
不是漏水，是爆管
以前没有过，今天突然冒烟
没闻到过这么重的煤气味
打了三次电话没人来，还在冒烟
昨天处理完今天又起火
i smell natural gas near the meter
strong gas smell next to the boiler, please hurry
gas hissing from the pipe
rotten egg smell in the kitchen
we think there is a gas leak
the elevator is stuck and my wife is inside
kids stuck in lift B
lift doors won't open, we are inside
socket burst into flames
the heater is smoking
there are sparks coming out of the breaker
fire on balcony of 12A
something burning in the electrical room
the bin is on fire
kitchen fire!
smoke is filling the corridor
smoke everywhere, can't breathe
water is spraying from a broken pipe
a water pipe has burst in the ceiling
the hallway is flooded
water gushing out of the meter
my daughter got shocked by the switch
the railing gave me an electric shock
someone fell off the balcony
a man is unconscious in the garage
ceiling collapsed, people hurt
it isn't a drill. fire on the 5th floor
no one answered the phone. there is smoke
don't know what to do, gas leak
last week it was repaired but today smoke again
no smell but smoke is coming out
家里燃气泄露了
煤气泄露
厨房有煤气
好像漏气，味道很重
液化气罐漏了
闻到煤气了，头晕恶心
电梯困住了三个人
电梯里困着老人
电梯门关着出不来了
插座短路起火花
电表箱烧着了
屋顶着火
楼梯间有火
走廊有很大的烟
冒黑烟了
烤箱冒烟起火
水龙头爆了水止不住
水管断了水哗哗流
家里被淹了
漏水漏得像下雨
楼上的水哗哗往下流
触电了，人倒了
热水器漏电麻人
外墙掉砖砸到小孩
电梯夹人了
有人昏倒在车库
gas leak in 3-2
leaking gas pipe
smell of gas near lift
stove leaks gas
trapped in elevator 2
my dad is stuck in the lift
lift dropped suddenly with people
electrical fire
house on fire
smoke in my apartment
wires are smoking
socket is smoking
there's fire
burning plastic smell
flooded bathroom
water everywhere
pipe exploded
heater exploded
electric shock from washing machine
child injured by falling tile
"""

HARMLESS = """
窗户漏气
卧室窗漏气,冬天很冷
阳台门缝漏气漏风
门窗密封条漏气
入户门漏气
窗戶漏氣
打火后马上灭
燃气灶打火后熄灭
燃气灶打不着火
煤气灶点不着火
热水器打火打不着
熱水器打火後馬上滅
灶具不打火
燃气灶有火花但是点不着
燃气灶火苗很小
热水器火苗是黄的
没有冒烟
插座坏了,没有冒烟
跳闸了,没有冒烟也没有焦味
没有煤气味,只是灶坏了
没有闻到煤气味
没闻到燃气味道,想检查一下
没有着火,就是跳闸
无明火,无浓烟
未发现冒烟
并没有起火
不再冒烟了
不冒烟了
烟已经散了
煤气味已经没有了
火已经扑灭了,想问理赔
着火的地方已经修好
水管爆了已经修好了
爆管已经处理好,墙面要刷漆
去年着火留下的墙面要刷漆
上次水管爆了,想问赔偿
上次电梯困人后来怎么处理的
之前着火烧黑的墙什么时候刷
以前闻到过煤气味
上个月家里淹水,地板起翘
前几天楼下着火,楼道没打扫
担心着火
怕起火,想换插座
万一着火怎么跑
如果着火了走哪边
会不会引起火灾
容易引发火灾
电线乱拉有火灾隐患
楼道堆物有起火的隐患
防止着火要怎么做
消防演习什么时候
小区什么时候搞火灾演练
演练时放的烟雾,冒烟正常吗
消防门关不上
防火门闭门器坏了
灭火器过期了
消防栓漏水
烟感没电了
烟雾报警器没电了
厨房油烟倒灌
邻居在楼道抽烟
楼道里有人吸烟
电梯里有人抽烟
烟道返味
嗓子都冒烟了也没人来
气得冒烟
燃气表没电了
燃气什么时候开通
天然气卡怎么充值
想把煤气改天然气
花洒喷水很小
马桶喷水异常
绿化喷头不喷水
喷泉不喷水了
没有人受伤
没人受伤,就是玻璃碎了
没有人被困
电梯里没有困人
电梯没困人,就是停了
电梯困人演练
电梯门打不开,没有人被困
手机掉进电梯井
钥匙卡在电梯缝里
宣传栏的火灾海报破了
火灾报警器没电
禁止明火的标识掉了
垃圾爆炸多没人收
楼下炒菜冒烟
误报,没有着火
火警是误报
闭水试验漏水
消火栓箱门坏了
没有触电
漏电保护器跳闸
漏电开关跳了
防漏电的插座要装
樓道有人抽煙
沒有冒煙
沒有煤氣味
電梯沒有困人
火已經撲滅了
擔心著火
消防門關不上
打火機掉進下水道
the fire door does not close
the fire door is broken
fire extinguisher expired
the fire alarm needs a new battery
when is the next fire drill
fire exit light is off
the fire hydrant drips
smoke detector beeps
smoke detector battery is low
the smoke alarm has no battery
there is no smoke
there is no smoke and no fire
no smoke, no sparks, just no power
no sign of fire
not on fire
no smell of gas
it does not smell of gas
I don't smell gas
there isn't any smoke
nobody is trapped in the lift
no one is trapped
no one was injured
nobody was hurt
no longer smoking
no longer smells of gas
the smoke is gone
the fire is out, who pays for the wall
the pipe burst last year, the floor is still warped
the gas leak was fixed
the burst pipe has been repaired
burst pipe was repaired, please paint the wall
last month there was a fire, when do you clean
last time the lift trapped someone we waited an hour
the flooding last summer ruined the floor
there used to be a gas smell
I am worried about fire
afraid of a fire, please check the wiring
if there is a fire, where do we go
could start a fire one day
this may cause a fire
to prevent a fire please remove the boxes
what to do in case of fire
fire safety training date
is the smoke machine part of the demonstration
people smoke in the stairwell
cigarette smoke comes in from next door
my neighbour is smoking on the balcony
no smoking sign missing
the stove sparks but does not light
the igniter sparks but there is no flame
the gas meter is broken
when will gas be connected
how do I pay the gas bill
the stove goes out after ignition
stove flame is too small
flood light is broken
the flood test is done
please fire the guard
false alarm, there was no fire
no fire, false alarm
water stains from the old flood
trapped air in the radiator
my key is stuck in the lock
the lift is not stuck any more
electric fire does not heat
window leaks air
draught from the window
the fireplace tile is cracked
neither smoke nor fire
without any smoke or smell
the movie had a fire in it
poster about fire is torn
窗户老是漏气,换密封条
推拉门漏气进风
飘窗漏气冬天冷
燃气灶点火后松手就灭
灶头打火要很多次
热水器点火后自动熄火
壁挂炉点不着火
打火灶没反应
插座没电,没冒烟没异味
闻过了没有煤气味
现在没有冒烟
目前没有着火
没看到明火
没有发现火花
没发现漏煤气
未闻到异味,未见冒烟
暂时没有煤气味
燃气公司检查过不漏气
已经不冒烟
已经不漏煤气了
冒烟的插座已更换
着火的垃圾桶清走了吗
漏气的阀门已经修好
淹水的地板什么时候换
被水淹过的柜子想换
爆裂的水管昨天已经修好
三年前着过火
去年冬天水管爆裂过
交房前就淹水过
上次被困电梯的赔偿
听说隔壁小区着火
新闻说有人触电
消防演习通知贴在哪
什么时候有防火讲座
火灾逃生图不见了
防火卷帘坏了
防火门总是开着
消防通道被占
灭火器箱的玻璃碎了
烟雾感应器误报
烟道堵了,油烟排不出去
油烟机不吸烟
楼下烧烤烟太大
有人在楼道烧纸
电动车充电怕着火
飞线充电容易着火
担心煤气泄漏想装报警器
想装一个燃气报警器
燃气报警器怎么安装
怕小孩触电要装护栏
怕被困电梯
电梯会不会困人
电梯有没有困人风险
如果水管爆了怎么关总阀
水管会不会爆
花园喷水头坏了
洗手池龙头喷水乱溅
邻居吵架火气很大
火锅店味道大
小区的火车声太吵
停水了,热水器打不着火
the window leaks air in winter
air leaking through the balcony door
stove won't light
burner ignites and then dies at once
boiler ignites then goes out
fire door closer is broken
fire doors are wedged open
fire lane is blocked by cars
fire extinguisher is missing
fire hose cabinet glass is broken
fire stairs light is off
there was no fire
no fire or smoke so far
no flames, only no power
i did not see any smoke
we haven't noticed any gas smell
can't smell any gas
without smoke
it's not burning
it isn't leaking gas
nobody is stuck in the lift
no people inside the lift
the lift was empty when it stopped
nobody hurt
nobody got an electric shock
there are no injuries
it stopped smoking
the smell of gas has gone
fire was put out last night
the leak of gas was repaired yesterday
the pipe that burst has been replaced
the flooded carpet needs replacing
after the flood last year the door sticks
years ago there was a fire here
the previous owner had a fire
we had a burst pipe in january, now repaint please
in case the pipe bursts where is the valve
what happens if the lift gets stuck
could you check the wiring so that there is no fire
is there a risk of fire
to avoid electric shock please cover the socket
the fire drill was too loud
when is the fire safety inspection
evacuation training on fire next week
someone smokes in the corridor
neighbours barbecue smoke
smell of cigarettes in the bathroom
incense smell from next door
smoke detector chirps
carbon monoxide detector battery
gas detector needs replacing
gas bill too high
please connect gas
sparks fly between neighbours
he was fired
camera flash
窗子漏气，冬天灌风
落地窗边缘漏气
门底下漏气进冷风
灶台左边打不着火
煤气灶打火没反应
打火打着后一松手就灭
热水器打火失败
灶火有点小
暖气没有异味也没冒烟
换了插座后就没有冒烟了
检查过，没有煤气泄漏
没有任何燃气味
昨天的火已扑灭，来清理下楼道
水管爆裂已修复，地板需要更换
上回电梯困人的事给个说法
去年楼上爆管泡了我家地板
请加强防火宣传
下周有消防演练吗
消防演练的警报太吵
防火门坏了关不严
灭火器压力不足
烟雾报警器一直滴滴响没电
烟感掉了
楼上抽烟味道飘下来
楼道吸烟没人管
邻居烧纸烟大
怕电线老化起火
担心小孩触电，想换安全插座
如果电梯困人怎么求救
万一爆管总阀在哪
会不会漏煤气
燃气表显示故障
天然气没气了
燃气费怎么交
煤气灶要换新的
消火栓没水
喷淋头掉漆
草坪喷水器坏了
马桶盖喷水不停
没人受伤
无人被困
不存在漏电
电梯没坏也没困人
the window seal leaks air
the balcony door lets air leak in
stove igniter clicks but no flame
water heater won't ignite
burner goes out right after lighting
the fire door won't latch
fire door handle loose
fire extinguisher needs refill
fire hydrant cover missing
fire alarm test schedule
smoke detector keeps chirping
please replace smoke alarm
no smoke or fire, just a tripped breaker
there was no smoke at all
I see no smoke
it does not smell like gas
no gas smell in the kitchen
we don't smell gas anymore
gas was turned off, no leak
nobody was trapped
no people trapped in the lift
no one got hurt
the burst pipe was fixed last tuesday
the flood was cleaned up, need painting
last year the kitchen caught fire and the wall is still black
two years ago a pipe burst here
worried that the wire may catch fire
I'm afraid the boiler could explode
if the pipe bursts who pays
what if there is a fire at night
to prevent fire remove the boxes
fire drill notice is missing
training on gas leaks
neighbours smoke in the corridor
cigarette smell in the stairwell
bbq smoke from next door
a fire safety poster fell down
the fireplace does not work
fire the security guard
gas meter reading wrong
pay gas bill online
gas stove knob broken
flood lights in the garden are off
the electric fire is cold
candle burning smell from neighbour's incense
lift stuck sound but no one inside
窗户漏风
窗框漏气有风声
燃气灶打不着
打火灶不点火
热水器点不着火
打火以后自己熄灭
没冒烟
没有烟
没有火
没有焦味
没闻到煤气
没煤气味
没有漏气
未着火
没有爆管
没漏电
没有被困
已经修好不漏气了
以前冒过烟，修好了
之前漏过煤气，现在好了
上次的火灾
演习用的烟雾
防火门关不上
消防门坏
灭火器没了
烟感报警器拆了
厨房油烟大
抽烟的太多
担心漏电
怕漏煤气
会不会爆炸
有没有煤气泄漏的可能
the fire door does not close
fire doors squeak
fire exit blocked
no smoke
no fire
no gas smell
no burning smell
not burning
not trapped
not flooded
isn't on fire
smoke stopped
fire extinguished already
gas leak repaired
was trapped last week
had a fire last year
if fire starts
fire drill today
fire drill tomorrow morning
smoke alarm battery low
smoker on the balcony
smoking neighbours
window lets air in
hob ignition fails
boiler pilot won't stay lit
"""

CLEAR = DANGER.strip().splitlines()
LOOKS = HARMLESS.strip().splitlines()
